/** A constant of a module with the sentence that stands above it. */
export interface DocumentedConstant {
  name: string;
  value: string;
  meaning: string;
}

const CONSTANT =
  /\/\*\*\s*((?:(?!\*\/)[\s\S])*?)\s*\*\/\s*((?:(?:export const|\/\/)[^\n]*\n?)+)/g;
const NAME = /export const (\w+)/g;

/**
 * Reads the documented constants of a module in the order of its source. The
 * sentence comes from the source, the value from the module itself, so that a
 * computed value is shown as what it is. Of several constants under one comment
 * each has its sentence.
 *
 * @param source Text of the module.
 * @param module The module, imported.
 */
export function documentedConstants(
  source: string,
  module: Readonly<Record<string, unknown>>,
): DocumentedConstant[] {
  return [...source.matchAll(CONSTANT)].flatMap(([, comment, declarations]) =>
    [...declarations!.matchAll(NAME)]
      .filter(([, name]) => name! in module)
      .map(([, name]) => ({
        name: name!,
        value: showValue(module[name!]),
        meaning: joinLines(comment!),
      }))
  );
}

/** Entries of an object literal with the sentence above each, as `KEY: value,`. */
export function documentedEntries(
  source: string,
  entries: Readonly<Record<string, unknown>>,
): DocumentedConstant[] {
  return Object.entries(entries).map(([name, value]) => {
    const found = new RegExp(
      `/\\*\\*\\s*((?:(?!\\*/)[\\s\\S])*?)\\s*\\*/\\s*"?${name}"?[:,]`,
    ).exec(source);
    if (found === null) {
      throw new Error(
        `Nothing is said about "${name}"; put a sentence above it`,
      );
    }
    return { name, value: showValue(value), meaning: joinLines(found[1]!) };
  });
}

function joinLines(comment: string): string {
  return comment.replaceAll(/(^|\n)[ \t]*\*?[ \t]*/g, " ").trim();
}

/** Numbers with thousands separated, as the sources write them; objects as their fields. */
function showValue(value: unknown): string {
  if (typeof value === "number") return value.toLocaleString("en");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key} ${showValue(part)}`).join(", ");
}
