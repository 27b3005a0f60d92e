import assert from "node:assert/strict";
import { decimal } from "../../../../../lib/core/decimal.ts";
import { VenueBench } from "./bench.ts";
import { SPOT, SWAP } from "./profiles.ts";
import { roles } from "./command_roles.ts";

Deno.test("a position that stays unprotected is closed at the market when the driver says so", () => {
  const bench = new VenueBench();
  bench.submit();
  bench.trade(bench.working("entry"));
  bench.take();
  bench.loseAnswer(bench.working("stop"));
  bench.side.abandonUnprotected("It took too long");
  assert.deepEqual(roles(bench), ["resolve stop", "create close"]);
});

Deno.test("a target that the desk holds withdraws the stop, and closes when that is proven gone", () => {
  const bench = new VenueBench({ profile: SPOT });
  bench.enter();
  bench.quote(110, 110.2);
  const stop = bench.working("stop");
  assert.deepEqual(roles(bench), ["cancel stop"]);
  bench.over(stop);
  const target = bench.working("target");
  assert.equal(target.order.type, "market");
  bench.trade(target, { price: "110" });
  const closed = bench.candle({ close: 110 }).events.find(({ type }) =>
    type === "PositionClosed"
  );
  assert.ok(closed?.type === "PositionClosed");
  assert.equal(closed.trade.exitRole, "target");
});

Deno.test("a stop that fills while it is being withdrawn leaves nothing to close", () => {
  const bench = new VenueBench({ profile: SPOT });
  bench.enter();
  bench.quote(110, 110.2);
  const stop = bench.working("stop");
  // The venue says first that it is over, its fill comes later.
  bench.over(stop, stop.order.quantity, "filled");
  assert.equal(bench.working("stop").phase, "settling");
  assert.deepEqual(bench.sent(), []);
  bench.trade(stop);
  assert.equal(bench.side.positionQuantity(), "0");
  assert.deepEqual(bench.sent(), []);
  assert.deepEqual(bench.side.workingOrders(), []);
});

Deno.test("a close waits on spot until every other exit is gone, and goes at once where the venue holds it to reducing", () => {
  const spot = new VenueBench({ profile: SPOT });
  spot.enter();
  spot.decide({ kind: "close", reason: "Enough" });
  assert.deepEqual(roles(spot), ["cancel stop"]);
  spot.over(spot.working("stop"));
  assert.deepEqual(roles(spot), ["create close"]);

  const swap = new VenueBench();
  swap.enter({ targetPrice: null });
  swap.decide({ kind: "close", reason: "Enough" });
  assert.deepEqual(roles(swap), ["create close"]);
  swap.trade(swap.working("close"));
  assert.deepEqual(roles(swap), ["cancel stop"], "the stop stays until then");
});

Deno.test("an exit that fills for more than is held is booked and closed the other way", () => {
  const bench = new VenueBench({ profile: { ...SWAP, hasReduceOnly: false } });
  bench.enter({ targetPrice: null });
  const stop = bench.working("stop");
  bench.trade(stop, { quantity: "1000", fee: "1" });
  assert.ok(Number(bench.side.positionQuantity()) < 0);
  assert.equal(bench.account.view().tradingState, "reducing");
  const close = bench.working("close");
  assert.equal(close.order.side, "buy");
  bench.trade(close);
  assert.equal(bench.side.positionQuantity(), "0");
  assert.equal(bench.account.view().feesPaid, "1.02");
});

Deno.test("what is left after closing and too small to sell is given up in the books, with a record", () => {
  const bench = new VenueBench({ profile: SPOT });
  bench.submit({ targetPrice: null });
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.trade(entry, { fee: "0.0004", feeCurrency: "BTC" });
  const stop = bench.working("stop");
  bench.accept(stop);
  bench.trade(stop);
  assert.equal(bench.side.positionQuantity(), "0");
  const given = bench.records.find(({ type }) => type === "WRITE_OFF");
  assert.ok(given?.type === "WRITE_OFF");
  assert.equal(given.quantity, "0.0006");
  assert.equal(bench.account.view().trades, 1);
});

Deno.test("a loss limit that a quote reaches withdraws entries and closes; the quote itself is not journaled", () => {
  const bench = new VenueBench({
    config: {
      risk: {
        initialCapital: "10000",
        leverage: 5,
        riskLevel: "moderate",
        maxDrawdownPct: 50,
        dailyLossLimit: "50",
        riskPerTradePct: 1,
      },
    },
  });
  bench.enter({ targetPrice: null });
  const before = bench.appends.length;
  bench.quote(99.4, 99.6);
  assert.equal(bench.appends.length, before);
  bench.quote(96, 96.2);
  assert.equal(bench.account.view().tradingState, "halted");
  assert.deepEqual(roles(bench), ["create close"]);
});

Deno.test("quiesce is final only when no order is left but the protection of what is kept", () => {
  const kept = new VenueBench();
  kept.enter();
  const reason = "A person stops it";
  kept.accept(kept.working("target"));
  kept.account.quiesce({ positions: "keep", reason });
  assert.equal(kept.account.isQuiesced, true);

  const closed = new VenueBench();
  closed.enter({ targetPrice: null });
  closed.account.quiesce({ positions: "close", reason });
  assert.equal(closed.account.isQuiesced, false);
  closed.trade(closed.working("close"));
  assert.equal(closed.account.isQuiesced, false, "the stop is still there");
  closed.over(closed.working("stop"));
  assert.equal(closed.account.isQuiesced, true);
});

Deno.test("an entry that fills while everything is being closed is closed too", () => {
  const bench = new VenueBench();
  bench.submit({ entry: { type: "limit", price: 99 } });
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.take();
  bench.account.quiesce({ positions: "close", reason: "A person stops it" });
  assert.deepEqual(roles(bench), ["cancel entry"]);
  bench.trade(entry, { quantity: "1" });
  assert.deepEqual(roles(bench), ["create close"]);
});

Deno.test("an exit that waited on spot does not leave when less is held meanwhile; one for the rest does", () => {
  const bench = new VenueBench({ profile: SPOT });
  bench.enter();
  bench.decide({ kind: "close", reason: "Enough" });
  const stop = bench.working("stop");
  bench.budget = 0;
  bench.over(stop);
  const close = bench.working("close");
  assert.equal(close.order.quantity, stop.order.quantity);
  // The stop was filled after all, in part: its trade comes when the trades are read.
  bench.trade(stop, { quantity: "1" });
  bench.side.release(close.order.orderId);
  assert.deepEqual(bench.sent(), []);
  const rest = bench.working("close").order;
  const quantity = decimal(close.order.quantity).minus(1).toFixed();
  assert.equal(rest.quantity, quantity);
  bench.side.release(rest.orderId);
  assert.equal(bench.sent()[0]!.quantity, quantity);
});
