import assert from "node:assert/strict";
import { foldParents } from "./checks/parents.ts";
import type { OracleEntry } from "./journal_text.ts";

const order = (quantity: string, part: number, parent?: string) => ({
  type: "ORDER",
  order: {
    orderId: `1.0-entry-p${part}`,
    intentId: "1.0",
    role: "entry",
    quantity,
  },
  ...(parent === undefined ? {} : { parent: { quantity: parent } }),
});
const fill = (quantity: string, part: number) => ({
  type: "FILL",
  fill: {
    orderId: `1.0-entry-p${part}`,
    intentId: "1.0",
    role: "entry",
    quantity,
  },
});

function fold(records: readonly object[]) {
  const found: string[] = [];
  const entries = records.map((record, index): OracleEntry => ({
    number: index + 1,
    seq: 1,
    toldSeq: 1,
    record: record as OracleEntry["record"],
    mark: null,
  }));
  const further = foldParents(entries, (what) => found.push(what));
  return { further, found };
}

Deno.test("oracle lets parts make up what was sized, and counts them", () => {
  const records = [order("1", 0, "3"), fill("1", 0), order("1", 1)];
  assert.deepEqual(fold([...records, order("1", 2)]), {
    further: 2,
    found: [],
  });
});

Deno.test("oracle sees it when more is sent than was sized, filled or not", () => {
  const { found } = fold([order("1", 0, "2"), fill("1", 0), order("1.5", 1)]);
  assert.deepEqual(found, ["2.5 was sent for 1.0, sized to 2"]);
});
