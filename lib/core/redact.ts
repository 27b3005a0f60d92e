/**
 * The second net under every line that is written: what looks like a secret is
 * taken out. The first one is that nothing puts a secret into a text at all.
 *
 * @module
 */
import { HIDDEN } from "./secret.ts";

/** Words beside which a value is a secret. */
const WORDS = [
  "passwords?|passwordhash|passphrase|passwd|tokens?|secrets?|credentials?",
  "api[-_]?keys?|private[-_]?key|kek|signature|authorization|cookie",
  "recovery[-_]?codes?",
].join("|");

/** A member, field or parameter with such a name, quoted or not. */
const NAME = `(?<![a-z0-9])["'\\\\]{0,8}[\\w-]{0,40}(?:${WORDS})["'\\\\]{0,8}`;

/** What stands behind it: a text in quotes, whole or cut off, or a word. */
const VALUE = [
  `\\\\+"[^"\\\\]*(?:\\\\+"|$)`,
  `"(?:[^"\\\\]|\\\\.)*(?:"|$)`,
  `'[^']*(?:'|$)`,
  `[^\\s,;&}"'\\\\]+`,
].join("|");

/** Ids of ours are no secrets, however long they are. */
const NO_ID = "(?![a-z]{2,8}_[0-9a-z]{26}\\b)";

/** Letters and digits: a long word of letters alone is a word. */
const MIXED = "(?=[\\w+/-]*[0-9])(?=[\\w+/-]*[a-z])";

/**
 * A text has to hold one of these for a rule to match. One scan decides for
 * nearly every line, so that the net costs next to nothing where it is empty.
 */
const SUSPICIOUS =
  /bearer|eyJ|session=|sm[cr]_|pass|token|secret|key|signature|authorization|cookie|recovery|credential|kek|[\w+/-]{40}/i;

const RULES: readonly [RegExp, string][] = [
  [/\bBearer\s+[\w.~+/=-]+/gi, `Bearer ${HIDDEN}`],
  [/\bbearer\.[\w.~+/=-]+/gi, `bearer.${HIDDEN}`],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, HIDDEN],
  [/\bsm[cr]_[\w-]{8,}/g, HIDDEN],
  [/((?:__Host-)?session=)[^;\s"']+/gi, `$1${HIDDEN}`],
  // name = value, also as a member of JSON, of JSON within JSON, and in a query.
  [new RegExp(`(${NAME}\\s*[:=]\\s*)(?:${VALUE})`, "gi"), `$1${HIDDEN}`],
  // A long value a few words behind such a word, as in "the secret is abc…".
  [
    new RegExp(
      `(\\b(?:${WORDS}|key)\\b[^\\n]{0,24}?)(?<![\\w+/-])${NO_ID}${MIXED}[\\w+/-]{24,}={0,2}`,
      "gi",
    ),
    `$1${HIDDEN}`,
  ],
  // 32 bytes or more in hex or base64 are a key, whatever stands beside them.
  [/(?<![\w+/=-])[0-9a-f]{64,}(?![\w+/=-])/gi, HIDDEN],
  [/(?<![\w+/=-])[A-Za-z0-9+/_-]{43}=(?![\w+/=-])/g, HIDDEN],
];

/** Takes out of a text what looks like a secret. */
export function redact(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return RULES.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    text,
  );
}

const LINE_END = /[\r\n\u2028\u2029]/;
const LINE_ENDS = /[\r\n\u2028\u2029]+/g;

/** The same as one line: whoever can choose a part of it cannot fake another line. */
export function redactLine(text: string): string {
  const clean = redact(text);
  return LINE_END.test(clean) ? clean.replaceAll(LINE_ENDS, " ⏎ ") : clean;
}

/** Members whose value is a secret whatever it looks like. */
const MEMBER = new RegExp(`^(?:\\w*(?:${WORDS}))$`, "i");

/** Members that are named like one and hold none. */
const HARMLESS = /(?:id|end|count|left|name|hash(?:es)?)$/i;

/** Deepest nesting that is looked through; what is deeper is not written. */
const DEPTH_MAX = 8;

/**
 * The same for a value of objects, lists and texts, such as the details of an
 * audit entry. Members with a secret's name lose their text. What holds
 * nothing suspicious is returned as it is, not copied.
 */
export function redactValue<T>(value: T): T {
  return walk(value, 0) as T;
}

function walk(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEPTH_MAX) return HIDDEN;
  if (Array.isArray(value)) {
    const items = value.map((item) => walk(item, depth + 1));
    return items.every((item, place) => item === value[place]) ? value : items;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  let changed: Record<string, unknown> | null = null;
  for (const [name, member] of Object.entries(value)) {
    const isSecret = typeof member === "string" && member !== "" &&
      MEMBER.test(name) && !HARMLESS.test(name);
    const next = isSecret ? HIDDEN : walk(member, depth + 1);
    if (next === member) continue;
    changed ??= { ...value };
    changed[name] = next;
  }
  return changed ?? value;
}
