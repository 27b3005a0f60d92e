/** What goes wrong with what clients send. */
import type { Draw } from "./random.ts";

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  0.1,
  9_007_199_254_740_993,
  "",
  " ",
  "0",
  "-0.00",
  "1e999",
  "NaN",
  "\u0000",
  "\ud800",
  "’; DROP TABLE agents; --",
  "<script>alert(1)</script>",
  "../../etc/passwd",
  "__proto__",
  "x".repeat(5_000),
  [],
  [[[[[]]]]],
  {},
  { __proto__: 1, constructor: { prototype: 1 } },
];

/** A value with one thing changed somewhere: another value, one less, one more. */
export function mutated(value: unknown, draw: Draw): unknown {
  const isList = Array.isArray(value);
  if (typeof value !== "object" || value === null || draw.chance(0.1)) {
    return draw.pick(ODD);
  }
  const keys = Object.keys(value);
  if (keys.length === 0 || draw.chance(0.1)) {
    return isList
      ? [...value, draw.pick(ODD)]
      : { ...value, [draw.pick(["extra", "__proto__", "id", ""])]: 1 };
  }
  const key = draw.pick(keys);
  const held = (value as Record<string, unknown>)[key];
  if (draw.chance(0.15)) {
    return isList
      ? value.filter((_, place) => String(place) !== key)
      : Object.fromEntries(
        Object.entries(value).filter(([name]) => name !== key),
      );
  }
  const changed = mutated(held, draw);
  return isList
    ? value.map((item, place) => String(place) === key ? changed : item)
    : { ...value, [key]: changed };
}

/** A text of JSON that is not quite one. */
export function broken(text: string, draw: Draw): string {
  return draw.pick([
    text.slice(0, draw.below(text.length + 1)),
    `${text}}`,
    `\ufeff${text}`,
    text.replace(":", "="),
    "[".repeat(2_000),
    '{"a":1,"a":2',
    "",
  ]);
}

/** A value of a query or a path that nobody asked for. */
export function oddText(draw: Draw): string {
  return draw.pick([
    "",
    "0",
    "-1",
    "1.5",
    "1e9",
    "null",
    "a,b",
    ",",
    "%",
    "\u0000",
    "../x",
    "ä✓",
    "x".repeat(500),
    "9".repeat(30),
    "'\"<>",
  ]);
}
