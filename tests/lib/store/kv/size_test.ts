import assert from "node:assert/strict";
import { serialize } from "node:v8";
import fc from "fast-check";
import { checkedSize, sizeOf } from "../../../../lib/store/kv/size.ts";
import {
  ENTRY_OVERHEAD_BYTES,
  MAX_VALUE_BYTES,
} from "../../../../lib/store/limits.ts";

/** What the engine itself makes of a value. */
const exactSizeOf = (value: unknown) =>
  serialize(value).byteLength + ENTRY_OVERHEAD_BYTES;

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withNullPrototype: true,
  withUnicodeString: true,
});

Deno.test("sizeOf() is never less than what the engine writes (random values)", () => {
  fc.assert(
    fc.property(anything, (value) => {
      const exact = exactSizeOf(value);
      assert.ok(sizeOf(value) >= exact, `${sizeOf(value)} < ${exact}`);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("sizeOf() of lists and texts of any length is never less than what the engine writes", () => {
  const element = fc.constantFrom<unknown>(1, -(2 ** 31), 0.5, "", "é", "→", {
    a: 1,
  }, []);
  const list = fc.tuple(element, fc.nat({ max: 9_000 }), fc.boolean());
  fc.assert(
    fc.property(list, ([each, length, hasHoles]) => {
      const elements = Array.from({ length }, () => each);
      if (hasHoles) delete elements[length >> 1];
      for (const value of [elements, String(each).repeat(length)]) {
        assert.ok(sizeOf(value) >= exactSizeOf(value));
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("sizeOf() measures exactly what may be too large for an entry", () => {
  // Estimated with two bytes a character, written with one.
  const text = "a".repeat(MAX_VALUE_BYTES - 1_000);
  assert.equal(sizeOf({ text }), exactSizeOf({ text }));
  assert.equal(checkedSize({ text }, "A text"), exactSizeOf({ text }));
});

Deno.test("sizeOf() of a value that goes round in a circle is finite, and not less than what is written", () => {
  const circle: { next: unknown; name: string } = { next: null, name: "a" };
  circle.next = circle;
  assert.ok(sizeOf(circle) >= exactSizeOf(circle));
});

Deno.test("sizeOf() refuses what cannot be stored, however deep", () => {
  for (const value of [() => {}, { a: [{ b: Symbol("x") }] }]) {
    assert.throws(() => sizeOf(value), /could not be cloned/);
  }
});

Deno.test("checkedSize() refuses a value beyond one entry, with its size and the limit", () => {
  const value = { text: "→".repeat(MAX_VALUE_BYTES) };
  assert.throws(() => checkedSize(value, "The template"), {
    code: "STORE_VALUE_TOO_LARGE",
    message: `The template takes ${
      exactSizeOf(value)
    } bytes, more than the ${MAX_VALUE_BYTES} of one store entry; bound its lists before it is stored`,
  });
});
