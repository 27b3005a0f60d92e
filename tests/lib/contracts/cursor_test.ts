import assert from "node:assert/strict";
import fc from "fast-check";
import { cursors } from "../../../lib/contracts/cursor.ts";

const ID = "01JA0000000000000000000000";

/** A place in each list. */
const PLACES: Readonly<Record<keyof typeof cursors, string>> = {
  agents: `agt_${ID}`,
  audit: "12.7",
  backtests: `bt_${ID}`,
  configs: "3",
  deadLetters: "3",
  deskRecords: "12",
  logs: "3",
  people: `usr_${ID}`,
  trades: "3",
  whole: "a template, with a name",
};

Deno.test("cursors give back the place that they were made of, and say nothing of it", () => {
  for (const [list, place] of Object.entries(PLACES)) {
    const { schema, write } = cursors[list as keyof typeof cursors];
    const cursor = write(place);
    assert.match(cursor, /^[A-Za-z0-9_-]+$/);
    assert.ok(!cursor.includes(place), list);
    assert.equal(schema.parse(cursor), place);
  }
});

Deno.test("a cursor of another list is refused, and so is a bare place", () => {
  for (const list of Object.keys(PLACES) as (keyof typeof cursors)[]) {
    for (const other of Object.keys(PLACES) as (keyof typeof cursors)[]) {
      const given = cursors[other].write(PLACES[other]);
      assert.equal(
        cursors[list].schema.safeParse(given).success,
        list === other,
        `${other} for ${list}`,
      );
    }
    assert.ok(!cursors[list].schema.safeParse(PLACES[list]).success, list);
  }
});

Deno.test("a cursor that was changed by hand is refused or is another of the same list", () => {
  fc.assert(
    fc.property(
      fc.nat(1e9),
      fc.nat(60),
      fc.constantFrom(..."AZaz09_-="),
      (n, at, letter) => {
        const cursor = cursors.trades.write(String(n));
        const changed = cursor.slice(0, at) + letter + cursor.slice(at + 1);
        const read = cursors.trades.schema.safeParse(changed);
        if (!read.success) return;
        assert.match(read.data, /^\d+$/);
        assert.equal(cursors.trades.write(read.data), changed);
      },
    ),
  );
});

Deno.test("the last page has no cursor", () => {
  const page = { items: [1], nextCursor: null };
  assert.deepEqual(cursors.logs.page(page), page);
});
