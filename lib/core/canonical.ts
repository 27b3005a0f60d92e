/**
 * One text for one value, so that a hash over it can be made again by anybody:
 * the JSON Canonicalization Scheme (RFC 8785). Keys in the order of their UTF-16
 * code units, no white space, numbers and texts as ECMAScript writes them.
 *
 * @module
 */
import { assert } from "./assert.ts";

/** What JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * The canonical text of a value.
 *
 * @throws {AssertionError} For what JSON cannot say: such a value goes through `toJson` first.
 */
export function canonicalText(value: Json): string {
  if (typeof value === "number") {
    assert(Number.isFinite(value), `JSON has no number ${value}`);
    return JSON.stringify(value);
  }
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value === "boolean") return String(value);
  assert(typeof value === "object", `JSON has no ${typeof value}`);
  // Text is added to text: a command waits for this.
  let text = "";
  if (isList(value)) {
    for (const item of value) {
      text += text === "" ? canonicalText(item) : `,${canonicalText(item)}`;
    }
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const member = `${quoted(key)}:${canonicalText(value[key]!)}`;
    text += text === "" ? member : `,${member}`;
  }
  return `{${text}}`;
}

/**
 * The nearest value that JSON can say exactly. An entry of the audit trail is
 * never refused for what it carries: what is undefined is left out (null in a
 * list), a number that JSON lacks becomes its name, half a surrogate pair the
 * replacement character, an instant its ISO text, and anything else a text.
 */
export function toJson(value: unknown): Json {
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      // Negative zero reads back as zero.
      return Number.isFinite(value) ? value + 0 : String(value);
    case "string":
      return value.toWellFormed();
    case "object":
      return objectToJson(value);
    case "undefined":
      return null;
    default:
      return String(value).toWellFormed();
  }
}

function objectToJson(value: object | null): Json {
  if (value === null) return null;
  if (Array.isArray(value)) return Array.from(value, toJson);
  if (value instanceof Date || value instanceof Error) {
    return toJson(value instanceof Date ? value.toJSON() : value.message);
  }
  if (value instanceof Map) return toJson([...value]);
  if (value instanceof Set) return toJson([...value]);
  const made: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    const name = key.toWellFormed();
    if (name === "__proto__") {
      // It stays a key.
      const property = { enumerable: true, writable: true, configurable: true };
      Object.defineProperty(made, name, { ...property, value: toJson(member) });
    } else made[name] = toJson(member);
  }
  return made;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** Texts that are written as they are: ASCII without control characters, quotes and backslashes. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  assert(text.isWellFormed(), "JSON text must not hold half a surrogate pair");
  return JSON.stringify(text);
}
