/**
 * `key=value` texts that change one value of a configuration by a dotted path.
 *
 * @module
 */

/** Values by name, some of them groups of values. */
export type Group = Record<string, unknown>;

/** What a sentence about a wrong text needs to know. */
export interface AssignOptions {
  /** Keys of the outermost group that cannot be set, with the reason. */
  fixed?: ReadonlyMap<string, string>;
  /** A right text, for who wrote none. */
  example: string;
}

/** Sets one value in place, a list from its items with commas between; returns a sentence about what is wrong with the text, or null. */
export function assignByPath(
  config: Group,
  assignment: string,
  { fixed = new Map(), example }: AssignOptions,
): string | null {
  const equals = assignment.indexOf("=");
  if (equals <= 0) {
    return `--set ${
      JSON.stringify(assignment)
    } has no value; write key=value, for instance ${example}`;
  }
  const key = assignment.slice(0, equals).trim();
  const text = assignment.slice(equals + 1).trim();
  const path = key.split(".");
  const reason = fixed.get(path[0]!);
  if (reason !== undefined) {
    return `--set ${key}: cannot be set here, because ${reason}`;
  }
  let group = config;
  for (const [depth, name] of path.entries()) {
    const prefix = path.slice(0, depth).map((part) => `${part}.`).join("");
    if (!Object.hasOwn(group, name)) {
      const keys = keysOf(group, { prefix, fixed });
      return `--set ${key}: there is no such key; choose from ${keys}`;
    }
    const value = group[name];
    const isLast = depth === path.length - 1;
    if (isLast && Array.isArray(value)) {
      group[name] = text.split(",").map((item) => item.trim());
      return null;
    }
    if (isLast && isGroup(value)) {
      const keys = keysOf(value, { prefix: `${key}.`, fixed });
      return `--set ${key}: is a group; set one of ${keys}`;
    }
    if (isLast) group[name] = convert(text, value);
    else if (isGroup(value)) group = value;
    else {
      return `--set ${key}: ${prefix}${name} is a value and has no keys; leave out the rest`;
    }
  }
  return null;
}

/** A sentence about a value of a configuration that its schema refuses. */
export function refusedValue(
  config: unknown,
  { path, message }: { path: readonly PropertyKey[]; message: string },
): string {
  const value = path.reduce<unknown>(
    (found, name) => isGroup(found) ? found[String(name)] : undefined,
    config,
  );
  return `--set ${path.join(".")}: ${
    JSON.stringify(value)
  } is not valid; ${message}`;
}

function isGroup(value: unknown): value is Group {
  return typeof value === "object" && value !== null;
}

function keysOf(
  group: Group,
  { prefix, fixed }: { prefix: string; fixed: ReadonlyMap<string, string> },
): string {
  return Object.keys(group)
    .filter((name) => prefix !== "" || !fixed.has(name))
    .map((name) => prefix + name).join(", ");
}

/** Reads a text as the type that the key has now; what does not fit stays a text for the schema to refuse. */
function convert(text: string, current: unknown): unknown {
  if (typeof current === "number") {
    const value = Number(text);
    return text === "" || !Number.isFinite(value) ? text : value;
  }
  if (typeof current === "boolean" && (text === "true" || text === "false")) {
    return text === "true";
  }
  return text;
}
