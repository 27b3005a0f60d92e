import assert from "node:assert/strict";
import fc from "fast-check";
import { quickClone } from "./clone.ts";

Deno.test("quickClone() copies what structuredClone() copies", () => {
  const values = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
    withObjectString: false,
  });
  fc.assert(fc.property(values, (value) => {
    const copy = quickClone(value);
    assert.deepStrictEqual(copy, structuredClone(value));
    if (typeof value === "object" && value !== null) {
      assert.notEqual(copy, value);
    }
  }));
});

Deno.test("quickClone() copies what is nested without end", () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const copy = quickClone(circle);
  assert.equal(copy.self, copy);
});

Deno.test("quickClone() refuses what cannot be sent between isolates", () => {
  assert.throws(() => quickClone({ run: () => {} }), {
    name: "DataCloneError",
  });
  assert.throws(() => quickClone([Symbol("s")]), { name: "DataCloneError" });
});

Deno.test("quickClone() leaves behind what was transferred", () => {
  const buffer = new ArrayBuffer(8);
  const copy = quickClone({ buffer }, { transfer: [buffer] });
  assert.equal(copy.buffer.byteLength, 8);
  assert.equal(buffer.byteLength, 0);
});
