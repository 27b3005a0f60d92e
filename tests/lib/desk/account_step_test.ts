import assert from "node:assert/strict";
import { candle, intent, submit } from "./support.ts";
import { open, openLong, typesOf } from "./open_account.ts";

Deno.test("DeskAccount.step() tells what came of a decision in the next step, in order", () => {
  const account = open();
  assert.deepEqual(account.step(candle(0, { close: 100 })).events, []);
  account.decide(submit(0));
  const step = account.step(candle(1, { close: 101, open: 100 }));
  assert.deepEqual(typesOf(step.events), [
    "accepted entry",
    "filled entry",
    "accepted stop",
    "accepted target",
  ]);
  assert.ok(step.events.every(({ seq }) => seq === 1));
  assert.ok(step.hasPosition);
});

Deno.test("DeskAccount.step() closes at the target and withdraws the stop", () => {
  const account = openLong();
  const step = account.step(candle(2, { close: 109, open: 101, high: 111 }));
  assert.deepEqual(typesOf(step.events), [
    "filled target",
    "closed target",
    "canceled stop",
  ]);
  const view = account.view();
  assert.equal(view.position, null);
  assert.deepEqual(view.openOrders, []);
  assert.deepEqual([view.trades, view.wins, view.losses], [1, 1, 0]);
  assert.notEqual(view.tradesHash, open().view().tradesHash);
});

Deno.test("DeskAccount.step() stops an entry out on the candle that filled it", () => {
  const account = open();
  account.step(candle(0, { close: 100 }));
  account.decide(submit(0, {
    entry: { type: "limit", price: 99 },
    stopPrice: 97,
  }));
  const step = account.step(
    candle(1, { open: 100, close: 112, high: 115, low: 96.5 }),
  );
  assert.deepEqual(typesOf(step.events), [
    "accepted entry",
    "filled entry",
    "accepted stop",
    "accepted target",
    "filled stop",
    "closed stop",
    "canceled target",
  ]);
  const [trade] = account.drainReport().trades;
  assert.equal(trade!.entrySeq, trade!.exitSeq);
  // The maker's fee at entry is less than planned, the slippage at the stop more.
  assert.ok(Math.abs(Number(trade!.resultR) + 1) < 0.05);
});

Deno.test("DeskAccount.step() lets an entry expire after its last candle", () => {
  const account = open();
  account.step(candle(0, { close: 100 }));
  account.decide(submit(0, {
    entry: { type: "limit", price: 99 },
    expireAfterSeq: 2,
  }));
  assert.deepEqual(typesOf(account.step(candle(1, { close: 100 })).events), [
    "accepted entry",
  ]);
  assert.deepEqual(typesOf(account.step(candle(2, { close: 100 })).events), [
    "canceled entry",
  ]);
});

Deno.test("DeskAccount.step() withdraws the other entries when one is filled", () => {
  const account = open();
  account.step(candle(0, { close: 100 }));
  account.decide({
    type: "decided",
    seq: 0,
    actions: [99, 98].map((price, index) => ({
      kind: "submit",
      intent: intent(0, {
        intentId: `0.${index}`,
        entry: { type: "limit", price },
        stopPrice: 94,
      }),
    })),
  });
  const step = account.step(candle(1, { open: 100, close: 99, low: 98.5 }));
  assert.deepEqual(typesOf(step.events), [
    "accepted entry",
    "accepted entry",
    "filled entry",
    "canceled entry",
    "accepted stop",
    "accepted target",
  ]);
});

Deno.test("DeskAccount.step() refuses a candle that is not the next", () => {
  const account = open();
  account.step(candle(0, { close: 100 }));
  assert.throws(
    () => account.step(candle(2, { close: 100 })),
    /Candle 1 is due/,
  );
  assert.throws(
    () => account.step(candle(0, { close: 100 })),
    /Candle 1 is due/,
  );
});

Deno.test("DeskAccount.step() halts on a candle without a valid price while in position, and goes on after it", () => {
  const account = openLong();
  const bad = account.step(candle(2, { close: Number.NaN }));
  assert.equal(bad.equity, null);
  assert.equal(bad.tradingState, "halted");
  assert.equal(account.view().equity, null);
  assert.equal(account.view().dayPnl, null);
  const good = account.step(candle(3, { close: 100 }));
  assert.equal(good.tradingState, "active");
  assert.ok(good.hasPosition, "the position is left to its stop");
});
