import assert from "node:assert/strict";
import { fingerprintText, toBoundedText } from "../../actors/fingerprint.ts";

Deno.test("toBoundedText() is the same for equal values, differs for unequal ones, and ends in time", () => {
  const cycle: Record<string, unknown> = { a: 1 };
  cycle.self = cycle;
  const values = [
    undefined,
    null,
    0,
    "",
    "0",
    1n,
    true,
    [],
    [1],
    [[1]],
    ["1,", "2"],
    ["1", ",2"],
    { a: 1 },
    { b: 1 },
    new Date(1),
    new Map([[1, 2]]),
    new Set([1, 2]),
    new Uint8Array([1, 2]),
    new Float64Array([1, 2]),
    new Float64Array([1, 3]).subarray(1),
    new Uint8Array([1]).buffer,
    new Error("x"),
    cycle,
  ];
  const texts = values.map((value) => toBoundedText(value, 1_000));
  assert.equal(new Set(texts.map(({ text }) => text)).size, values.length);
  assert.ok(texts.every(({ isWhole }) => isWhole));
  values.forEach((value, index) => {
    if (value === cycle) return;
    assert.deepEqual(
      toBoundedText(structuredClone(value), 1_000),
      texts[index],
    );
  });
  const huge = toBoundedText(new Float64Array(10_000_000), 100);
  assert.equal(huge.text.length, 100);
  assert.equal(huge.isWhole, false);
  assert.match(fingerprintText(huge.text), /^[0-9a-f]{8}$/);
});
