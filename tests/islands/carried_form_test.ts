import assert from "node:assert/strict";
import fc from "fast-check";
import { carriedForm, carriedOn } from "../../routes/(_shared)/carried_form.ts";

const FIELDS = [
  ["csrf", "the token of the login that has ended"],
  ["template", "structure-combined"],
  ["name", "kept & typed"],
  ["/risk/leverage", "7"],
  ["action", "spawn"],
] as const;

Deno.test("carriedForm() leaves token and button out, and coming back only looks at the form", () => {
  const carried = carriedForm("/spawn?template=x", FIELDS)!;
  assert.equal(carried.to, "/spawn?template=x");
  assert.deepEqual(carried.fields, [
    ["template", "structure-combined"],
    ["name", "kept & typed"],
    ["/risk/leverage", "7"],
    ["action", "check"],
  ]);
});

Deno.test("carriedForm() takes the spawn form alone, and none that is empty or too long", () => {
  for (
    const next of [
      "/",
      "/settings/keys",
      "/spawn/x",
      "/emergency-stop",
      "/spawns",
    ]
  ) {
    assert.equal(carriedForm(next, FIELDS), null, next);
  }
  assert.equal(carriedForm("/spawn", []), null);
  assert.equal(carriedForm("/spawn", [["csrf", "x"], ["action", "y"]]), null);
  assert.equal(carriedForm("/spawn", [["name", "x".repeat(40_000)]]), null);
  const many = Array.from({ length: 501 }, (_, n) => [`f${n}`, ""] as const);
  assert.equal(carriedForm("/spawn", many), null);
  assert.equal(carriedOn("/spawn", `name=${"x".repeat(40_000)}`), null);
  assert.equal(carriedOn("/spawn", ""), null);
});

Deno.test("carriedOn() gives back what carriedForm() has taken, step by step (property)", () => {
  const field = fc.tuple(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.string({ unit: "grapheme", maxLength: 60 }),
  );
  fc.assert(
    fc.property(fc.array(field, { maxLength: 40 }), (fields) => {
      const first = carriedForm("/spawn", fields);
      if (first === null) return;
      const second = carriedOn("/spawn", first.text);
      assert.deepEqual(second, first);
    }),
    { seed: 20_261_127, numRuns: 300 },
  );
});
