/**
 * JSON pointers (RFC 6901) within plain objects: reading, writing, and finding
 * their line in a text.
 *
 * @module
 */

/** The value at a pointer; undefined where there is none. */
export function readPointer(value: unknown, pointer: string): unknown {
  let node = value;
  for (const name of namesOf(pointer)) {
    if (typeof node !== "object" || node === null) return undefined;
    if (!Object.hasOwn(node, name)) return undefined;
    node = (node as Record<string, unknown>)[name];
  }
  return node;
}

/** A copy with the value at a pointer; undefined takes the member away. What is no object on the way becomes one. */
export function withPointer(
  value: unknown,
  pointer: string,
  to: unknown,
): unknown {
  return written(value, namesOf(pointer), to);
}

function written(
  value: unknown,
  [name, ...rest]: readonly string[],
  to: unknown,
): unknown {
  if (name === undefined) return to;
  const members = typeof value === "object" && value !== null ? value : {};
  const before = Object.hasOwn(members, name)
    ? (members as Record<string, unknown>)[name]
    : undefined;
  const after = written(before, rest, to);
  // Defined by entries, so that a member called __proto__ is one like any other.
  const entries = Object.entries(members).filter(([key]) => key !== name);
  if (after === undefined) return Object.fromEntries(entries);
  return before === undefined
    ? Object.fromEntries([...entries, [name, after]])
    : Object.fromEntries(
      Object.entries(members).map(([key, member]) => [
        key,
        key === name ? after : member,
      ]),
    );
}

function namesOf(pointer: string): string[] {
  return pointer.split("/").slice(1).map((name) =>
    name.replaceAll("~1", "/").replaceAll("~0", "~")
  );
}

/**
 * Lines, from 1, on which the members of a JSON text begin, by pointer; that
 * of the whole is "". The text must be JSON.
 */
export function pointerLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let at = 0;
  let line = 1;
  const skip = () => {
    while (at < text.length && " \t\r\n".includes(text[at]!)) {
      if (text[at] === "\n") line++;
      at++;
    }
  };
  const readString = () => {
    const from = at++;
    while (at < text.length && text[at] !== '"') {
      at += text[at] === "\\" ? 2 : 1;
    }
    at++;
    return JSON.parse(text.slice(from, at)) as string;
  };
  const readMembers = (pointer: string, isList: boolean) => {
    const end = isList ? "]" : "}";
    at++;
    for (let place = 0;; place++) {
      skip();
      if (text[at] === ",") {
        at++;
        skip();
      }
      if (at >= text.length || text[at] === end) break;
      const startLine = line;
      const name = isList ? String(place) : readString();
      if (!isList) {
        skip();
        at++;
      }
      readValue(`${pointer}/${escaped(name)}`, startLine);
    }
    at++;
  };
  const readValue = (pointer: string, startLine: number | null) => {
    skip();
    lines.set(pointer, startLine ?? line);
    const first = text[at];
    if (first === "{" || first === "[") readMembers(pointer, first === "[");
    else if (first === '"') readString();
    else while (at < text.length && !",]} \t\r\n".includes(text[at]!)) at++;
  };
  readValue("", null);
  return lines;
}

function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
