import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonDiff } from "../../../lib/core/json_diff.ts";

Deno.test("jsonDiff() names what differs by its pointer", () => {
  assert.deepEqual(
    jsonDiff(
      { a: 1, b: { c: [1], "d/e": true }, gone: "x" },
      { a: 1, b: { c: [1, 2], "d/e": false }, made: null },
    ),
    [
      { pointer: "/b/c", before: [1], after: [1, 2] },
      { pointer: "/b/d~1e", before: true, after: false },
      { pointer: "/gone", before: "x", after: null },
      { pointer: "/made", before: null, after: null },
    ],
  );
});

Deno.test("jsonDiff() of equal values is empty, and of others is not", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const before = JSON.parse(JSON.stringify(a));
      const after = JSON.parse(JSON.stringify(b));
      assert.deepEqual(jsonDiff(before, before), []);
      const isSame = isEqual(before, after);
      assert.equal(jsonDiff(before, after).length === 0, isSame);
    }),
  );
});

function isEqual(a: unknown, b: unknown): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}
