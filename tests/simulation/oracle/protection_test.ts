import assert from "node:assert/strict";
import { foldProtection } from "./checks/protection.ts";
import type { OracleEntry } from "./journal_text.ts";

/** Whole transactions of one record each, with a position of a long from the first on. */
function journal(records: readonly object[]): OracleEntry[] {
  const filled = {
    type: "FILL",
    fill: { orderId: "1.0-entry", intentId: "1.0" },
  };
  return [filled, ...records].map((record, index) => ({
    number: index + 1,
    seq: 1,
    toldSeq: 1,
    record: record as OracleEntry["record"],
    // The fill and its stop are one transaction.
    mark: index === 0 ? null : { seq: 1, at: 1, cash: "0", trades: 0 },
  }));
}

const stop = (price: string, orderId = `1.0-stop-${price}`) => ({
  type: "ORDER",
  order: { orderId, intentId: "1.0", role: "stop", side: "sell", price },
});
const cancel = (price: string) => ({
  type: "CANCEL",
  orderId: `1.0-stop-${price}`,
});

function fold(records: readonly object[]) {
  const found: string[] = [];
  const entries = journal(records);
  // A move is one transaction: its first record has no mark.
  entries.forEach((entry, index) => {
    const next = entries[index + 1]?.record.type;
    if (entry.record.type === "CANCEL" && next === "ORDER") entry.mark = null;
  });
  const moves = foldProtection(entries, (what) => found.push(what));
  return { moves, found };
}

Deno.test("oracle lets a stop follow in favour and counts its moves", () => {
  const records = [
    stop("98"),
    cancel("98"),
    stop("99"),
    cancel("99"),
    stop("99.5"),
  ];
  assert.deepEqual(fold(records), { moves: 2, found: [] });
});

Deno.test("oracle sees a stop that was moved against its position", () => {
  const { found } = fold([stop("98"), cancel("98"), stop("97")]);
  assert.deepEqual(found, ["Stop 1.0-stop-97 at 97 after one at 98"]);
});

Deno.test("oracle sees a position without a stop and one with two", () => {
  assert.match(fold([stop("98"), cancel("98")]).found[0]!, /with 0 stops/);
  assert.match(fold([stop("98"), stop("99")]).found[0]!, /with 2 stops/);
});
