import assert from "node:assert/strict";
import { ANSWER_CANDLES_MAX } from "../../../agents/desk_answer.ts";
import { Trader } from "../../../agents/strategies/trader.ts";
import type { DeskAction, DeskEvent } from "../../../lib/contracts/order.ts";
import { accepted, Bench, CALM, cancelReason } from "./entry_bench.ts";

const LOST = "23.0";

/** The desk says nothing of an entry; answers what is decided once it had the time to. */
function unanswered(bench: Bench): readonly DeskAction[] {
  bench.break();
  for (let count = 0; count < ANSWER_CANDLES_MAX; count++) {
    assert.deepEqual(bench.next(CALM), []);
  }
  return bench.next(CALM);
}

function snapshotOf({ book }: Bench) {
  return book.snapshot().entries;
}

Deno.test("EntryBook gives up an entry that its desk never answers, and waits for it no longer", () => {
  const bench = new Bench();
  const actions = unanswered(bench);
  assert.match(cancelReason(actions), /has not answered/);
  assert.deepEqual(snapshotOf(bench).armed, {});
  assert.deepEqual(bench.next(CALM), []);
});

Deno.test("EntryBook keeps an entry that its desk has named, however long it rests", () => {
  for (
    const event of [
      accepted(LOST),
      {
        type: "OrderDenied",
        seq: 24,
        intentId: LOST,
        code: "INTENT_DUPLICATE",
        detail: "",
      } satisfies DeskEvent,
    ]
  ) {
    const bench = new Bench();
    bench.break();
    bench.book.apply(event);
    for (let count = 0; count <= ANSWER_CANDLES_MAX; count++) {
      assert.deepEqual(bench.next(CALM), [], event.type);
    }
  }
});

Deno.test("EntryBook withdraws a lost entry once more when its desk accepts it after all, also after a restart", () => {
  const bench = new Bench();
  unanswered(bench);
  const again = new Trader();
  again.restore(structuredClone(bench.book.snapshot()));
  bench.book = again;
  bench.book.apply(accepted(LOST));
  assert.match(cancelReason(bench.next(CALM)), /too late/);
  assert.deepEqual(bench.next(CALM), []);
  bench.book.apply({
    type: "OrderCanceled",
    seq: 30,
    orderId: "o",
    intentId: LOST,
    role: "entry",
    reason: "",
  });
  assert.equal(snapshotOf(bench).lost, undefined);
});

Deno.test("EntryBook manages the position of a lost entry that is filled after all", () => {
  const bench = new Bench();
  unanswered(bench);
  const fill = { intentId: LOST, role: "entry", seq: 28, price: "99.2" };
  bench.book.apply({ type: "OrderFilled", seq: 28, fill } as DeskEvent);
  const { position, entries } = bench.book.snapshot();
  assert.equal(position?.intentId, LOST);
  assert.equal(position?.strategy, "orderBlock");
  assert.equal(entries.lost, undefined);
  assert.equal(entries.withdrawn, undefined);
});
