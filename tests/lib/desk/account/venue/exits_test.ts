import assert from "node:assert/strict";
import { VenueBench } from "./bench.ts";
import { SPOT, SWAP } from "./profiles.ts";
import { roles } from "./command_roles.ts";

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

Deno.test("the result in R of an entry that was filled in part is that of what was filled, also from a segment", () => {
  const bench = new VenueBench();
  bench.submit({ entry: { type: "limit", price: 100 }, targetPrice: null });
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.trade(entry, { quantity: "1", price: "100", fee: "0" });
  bench.over(entry, "1");
  bench.crash();
  const stop = bench.working("stop");
  bench.trade(stop, { quantity: "1", price: "95", fee: "0" });
  const closed = bench.candle({ close: 95 }).events.find(({ type }) =>
    type === "PositionClosed"
  );
  assert.ok(closed?.type === "PositionClosed");
  // Five lost of the five that this unit could lose, costs in the sizing aside.
  assert.ok(Math.abs(Number(closed.trade.resultR) + 1) < 0.05);
});
