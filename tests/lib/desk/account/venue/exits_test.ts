import assert from "node:assert/strict";
import { decimal } from "../../../../../lib/core/decimal.ts";
import { SPOT, SWAP, VenueBench } from "./bench.ts";

/** Types of the commands with the roles of their orders. */
function roles(bench: VenueBench): string[] {
  return bench.take().map((command) =>
    command.type === "syncIds"
      ? command.type
      : `${command.type} ${command.orderId.split("-")[1]}`
  );
}

Deno.test("the first fill of an entry sends its stop in the protective lane; the position is protected when that is accepted", () => {
  const bench = new VenueBench();
  bench.submit();
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.take();
  bench.budget = 0;
  bench.trade(entry, { quantity: "1" });
  const stop = bench.working("stop");
  assert.equal(stop.order.quantity, "1");
  assert.equal(stop.order.price, "95");
  const { orderId } = stop.order;
  assert.deepEqual(bench.take(), [
    { type: "queue", orderId, lane: "protective" },
  ]);
  bench.side.release(orderId);
  const [request] = bench.sent();
  assert.equal(request!.triggerPrice, "95");
  assert.equal(request!.reduceOnly, true);
  assert.equal(bench.side.isProtected(), false);
  bench.accept(bench.working("stop"));
  assert.equal(bench.side.isProtected(), true);
  assert.equal(bench.account.view().position!.isProtected, true);
});

Deno.test("further fills on spot get further stops, none of them for more than is held", () => {
  const bench = new VenueBench({ profile: SPOT });
  bench.submit();
  const entry = bench.working("entry");
  bench.accept(entry);
  for (const quantity of ["1", "2"]) bench.trade(entry, { quantity });
  const stops = bench.side.workingOrders().filter(({ order }) =>
    order.role === "stop"
  );
  assert.deepEqual(stops.map(({ order }) => order.quantity), ["1", "2"]);
  bench.accept(stops[0]!);
  assert.equal(bench.side.isProtected(), false);
  bench.accept(stops[1]!);
  assert.equal(bench.side.isProtected(), true);
});

Deno.test("further fills where the venue holds exits to reducing get one stop for all, and the first goes when it rests", () => {
  const bench = new VenueBench();
  bench.submit();
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.trade(entry, { quantity: "1" });
  const first = bench.working("stop");
  bench.accept(first);
  bench.take();
  bench.trade(entry, { quantity: "2" });
  const whole = bench.side.workingOrders().at(-1)!;
  assert.equal(whole.order.quantity, "3");
  assert.deepEqual(roles(bench), ["create stop"]);
  bench.accept(whole);
  assert.deepEqual(bench.take(), [
    { type: "cancel", orderId: first.order.orderId },
  ]);
  assert.equal(bench.side.isProtected(), true);
});

Deno.test("a stop that the venue refuses withdraws the rest of the entry and closes the position", () => {
  const bench = new VenueBench();
  bench.submit();
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.trade(entry, { quantity: "1" });
  bench.take();
  bench.reject(bench.working("stop"));
  assert.deepEqual(roles(bench), ["cancel entry", "create close"]);
  const close = bench.working("close");
  bench.trade(close);
  assert.equal(bench.side.positionQuantity(), "0");
  bench.over(bench.working("entry"));
  assert.deepEqual(bench.side.workingOrders(), []);
});

Deno.test("a stop that is refused because the venue is busy is sent again, three times at most", () => {
  const bench = new VenueBench();
  bench.submit();
  bench.trade(bench.working("entry"));
  bench.take();
  for (let attempt = 0; attempt < 2; attempt++) {
    bench.reject(bench.working("stop"), "rate_limited");
    assert.deepEqual(roles(bench), ["create stop"]);
  }
  bench.reject(bench.working("stop"), "rate_limited");
  assert.deepEqual(roles(bench), ["create close"]);
});

Deno.test("a stop that the venue withdraws by itself is not sent again at once, but with the next candle", () => {
  const bench = new VenueBench();
  bench.enter({ targetPrice: null });
  bench.over(bench.working("stop"));
  assert.deepEqual(roles(bench), []);
  assert.equal(bench.side.isProtected(), false);
  bench.candle({ close: 100 });
  assert.deepEqual(roles(bench), ["create stop"]);
});

Deno.test("a position that stays unprotected is closed at the market when the driver says so", () => {
  const bench = new VenueBench();
  bench.submit();
  bench.trade(bench.working("entry"));
  bench.take();
  bench.loseAnswer(bench.working("stop"));
  bench.side.abandonUnprotected("It took too long");
  assert.deepEqual(roles(bench), ["resolve stop", "create close"]);
});

Deno.test("the target rests beside the stop where both may, and the one goes when the other is filled", () => {
  const bench = new VenueBench();
  bench.enter();
  const target = bench.working("target");
  assert.equal(target.order.price, "110");
  bench.accept(target);
  bench.take();
  bench.trade(target);
  assert.equal(bench.side.positionQuantity(), "0");
  assert.deepEqual(roles(bench), ["cancel stop"]);
  const { trades, openOrders } = bench.account.view();
  assert.equal(trades, 1);
  assert.equal(openOrders[0]!.cancelReason, "The position is closed");
  bench.over(bench.working("stop"));
  assert.deepEqual(bench.side.workingOrders(), []);
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

Deno.test("a stop that moves on spot is withdrawn first; elsewhere the new one rests before the old one goes", () => {
  for (const profile of [SPOT, SWAP]) {
    const bench = new VenueBench({ profile });
    bench.enter({ targetPrice: null });
    const [old] = bench.side.workingOrders();
    const { intentId } = old!.order;
    bench.decide({ kind: "moveStop", intentId, stopPrice: 97.04, reason: "" });
    if (profile === SPOT) {
      assert.deepEqual(roles(bench), ["cancel stop"]);
      bench.over(old!);
      assert.deepEqual(roles(bench), ["create stop"]);
    } else {
      assert.deepEqual(roles(bench), ["create stop"]);
      bench.accept(bench.side.workingOrders().at(-1)!);
      assert.deepEqual(roles(bench), ["cancel stop"]);
      bench.over(old!);
    }
    assert.equal(bench.working("stop").order.price, "97.1");
  }
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

Deno.test("a fill after its withdrawal is booked; one of an order that was proven absent also stops entries until the account is flat", () => {
  const bench = new VenueBench();
  bench.submit({ entry: { type: "limit", price: 99 }, targetPrice: null });
  const entry = bench.working("entry");
  bench.loseAnswer(entry);
  const { orderId } = entry.order;
  bench.report({ type: "absent", orderId, detail: "It is not there" });
  assert.equal(bench.account.isQuiesced, true);
  bench.trade(entry, { quantity: "1" });
  assert.equal(bench.side.positionQuantity(), "1");
  assert.equal(bench.account.view().tradingState, "reducing");
  bench.accept(bench.working("stop"));
  bench.decide({ kind: "close", reason: "Enough" });
  bench.trade(bench.working("close"));
  bench.over(bench.working("stop"));
  assert.equal(bench.account.view().tradingState, "active");
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

Deno.test("funding is booked once, also when the position is closed already", () => {
  const bench = new VenueBench();
  const funding = {
    fundingId: "f1",
    symbol: "BTC/USDT",
    amount: "1.5",
    at: bench.nowMs,
  };
  bench.report({ type: "funding", funding });
  bench.report({ type: "funding", funding });
  assert.equal(bench.account.view().fundingPaid, "1.5");
  assert.equal(bench.account.view().cash, "9998.5");
  bench.crash();
  bench.report({ type: "funding", funding });
  assert.equal(bench.account.view().fundingPaid, "1.5");
});

Deno.test("drift makes the account reducing until a reconciliation finds agreement", () => {
  const bench = new VenueBench();
  bench.report({ type: "drift", detail: "The venue holds 1 and the books 0" });
  assert.equal(bench.account.view().tradingState, "reducing");
  bench.submit();
  const [, denied] = bench.candle({ close: 100 }).events;
  assert.ok(denied?.type === "OrderDenied", JSON.stringify(denied));
  assert.equal(denied.code, "TRADING_REDUCING");
  bench.report({ type: "drift", detail: null });
  assert.equal(bench.account.view().tradingState, "active");
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
