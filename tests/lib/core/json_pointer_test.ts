import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonDiff } from "../../../lib/core/json_diff.ts";
import {
  pointerLines,
  readPointer,
  withPointer,
} from "../../../lib/core/json_pointer.ts";

/** Nested objects, also with names that a pointer has to escape. */
const OBJECTS = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.array(fc.integer(), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(
    fc.constantFrom("a", "b", "a/b", "~", "~1", "__proto__", "0", "c d"),
    tie("value"),
    { maxKeys: 4, noNullPrototype: true },
  ),
})).object as fc.Arbitrary<Record<string, unknown>>;

Deno.test("withPointer() brings one object to another, change by change of jsonDiff()", () => {
  fc.assert(
    fc.property(OBJECTS, OBJECTS, (before, after) => {
      let moved: unknown = before;
      for (const { pointer } of jsonDiff(before, after)) {
        moved = withPointer(moved, pointer, readPointer(after, pointer));
      }
      assert.deepEqual(jsonDiff(moved, after), []);
    }),
  );
});

Deno.test("pointerLines() names the line of every member, whatever its name", () => {
  fc.assert(
    fc.property(OBJECTS, (value) => {
      const text = JSON.stringify(value, null, 2);
      const lines = pointerLines(text);
      assert.equal(lines.get(""), 1);
      for (const { pointer } of jsonDiff({}, value)) {
        const line = text.split("\n")[lines.get(pointer)! - 1]!;
        const name = pointer.slice(pointer.lastIndexOf("/") + 1)
          .replaceAll("~1", "/").replaceAll("~0", "~");
        assert.ok(line.trim().startsWith(`${JSON.stringify(name)}: `), line);
      }
    }),
  );
});

Deno.test("pointerLines() reads JSON as a person writes it", () => {
  const lines = pointerLines(
    '\n{ "a" : [1,\n 2 , {"b":null}],\r\n "c":"\\"}" }',
  );
  assert.deepEqual(Object.fromEntries(lines), {
    "": 2,
    "/a": 2,
    "/a/0": 2,
    "/a/1": 3,
    "/a/2": 3,
    "/a/2/b": 3,
    "/c": 4,
  });
});
