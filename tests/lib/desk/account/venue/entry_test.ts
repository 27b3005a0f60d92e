import assert from "node:assert/strict";
import { parseClientOrderId } from "../../../../../lib/desk/venue/client_order_id.ts";
import { VenueBench } from "./bench.ts";
import { SPOT, SWAP } from "./profiles.ts";

Deno.test("a decision at a venue writes INTENT, ORDER and SENDING in one append, then sends once", () => {
  const bench = new VenueBench();
  bench.take();
  const before = bench.appends.length;
  bench.submit();
  const [append, ...more] = bench.appends.slice(before);
  assert.deepEqual(
    append!.map(({ record }) => record.type),
    ["INTENT", "ORDER", "SENDING"],
  );
  assert.equal(more.length, 0);
  const [request, ...others] = bench.sent();
  assert.equal(others.length, 0);
  assert.equal(request!.type, "market");
  assert.equal(parseClientOrderId(request!.clientOrderId)!.role, "entry");
  bench.candle({ close: 100 });
  bench.decide();
  assert.deepEqual(bench.sent(), [], "it is not sent again");
});

Deno.test("an entry that the rate budget holds back is queued, then released once or dropped", () => {
  const bench = new VenueBench();
  bench.budget = 0;
  bench.submit();
  const { order, phase } = bench.working("entry");
  assert.equal(phase, "queued");
  assert.deepEqual(bench.take(), [
    { type: "queue", orderId: order.orderId, lane: "entry" },
  ]);
  bench.side.release(order.orderId);
  bench.side.release(order.orderId);
  assert.equal(bench.sent().length, 1);
  assert.equal(bench.working("entry").phase, "sending");

  const other = new VenueBench();
  other.budget = 0;
  other.submit();
  other.side.drop(other.working("entry").order.orderId, "It waited too long");
  assert.deepEqual(other.side.workingOrders(), []);
  const step = other.candle({ close: 100 });
  const canceled = step.events.find(({ type }) => type === "OrderCanceled");
  assert.ok(canceled?.type === "OrderCanceled");
  assert.equal(canceled.reason, "It waited too long");
});

Deno.test("no id is used before its reservation is on the disk", () => {
  const bench = new VenueBench({ syncsAtOnce: false });
  bench.submit();
  const { order } = bench.working("entry");
  assert.deepEqual(bench.take(), []);
  bench.side.release(order.orderId);
  assert.equal(bench.working("entry").phase, "queued");
  bench.side.idsSynced(64);
  assert.equal(bench.sent().length, 1);
  assert.equal(bench.working("entry").phase, "sending");
});

Deno.test("an outcome that is unknown is looked for, blocks further entries, and is never sent again", () => {
  const bench = new VenueBench();
  bench.submit({ entry: { type: "limit", price: 99 } });
  bench.take();
  bench.loseAnswer(bench.working("entry"));
  const { orderId } = bench.working("entry").order;
  assert.equal(bench.working("entry").phase, "unknown");
  assert.deepEqual(bench.take(), [{ type: "resolve", orderId }]);
  bench.submit({ entry: { type: "limit", price: 98 } });
  const denied = bench.candle({ close: 100 }).events.find(({ type }) =>
    type === "OrderDenied"
  );
  assert.ok(denied?.type === "OrderDenied");
  assert.equal(denied.code, "OUTCOME_UNKNOWN");
  assert.deepEqual(bench.sent(), []);
  bench.report({ type: "absent", orderId, detail: "It is not there" });
  assert.deepEqual(bench.side.workingOrders(), []);
});

Deno.test("an order that the venue refuses is told as withdrawn, with the venue's words", () => {
  const bench = new VenueBench();
  bench.submit();
  bench.reject(bench.working("entry"));
  assert.deepEqual(bench.side.workingOrders(), []);
  const told = bench.candle({ close: 100 }).events.at(-1);
  assert.ok(told?.type === "OrderCanceled");
  assert.equal(told.reason, "No");
});

Deno.test("an entry that the driver blocks, or at a venue without stop orders, is denied", () => {
  const bench = new VenueBench();
  bench.block = { code: "RECONCILING", detail: "Not yet" };
  bench.submit();
  const [denied] = bench.candle({ close: 100 }).events;
  assert.ok(denied?.type === "OrderDenied");
  assert.equal(denied.code, "RECONCILING");

  const bare = new VenueBench({ profile: { ...SWAP, hasStopOrders: false } });
  bare.submit();
  const [refused] = bare.candle({ close: 100 }).events;
  assert.ok(refused?.type === "OrderDenied");
  assert.equal(refused.code, "VENUE_UNAVAILABLE");
  assert.deepEqual(bare.side.workingOrders(), []);
});

Deno.test("prices and quantities keep to the market's steps, and what is too small is denied", () => {
  const bench = new VenueBench();
  bench.submit({ entry: { type: "limit", price: 99.97 }, stopPrice: 95.03 });
  const [request] = bench.sent();
  assert.equal(request!.price, "99.9", "a buy waits for a better price");
  assert.match(request!.quantity, /^\d+(\.\d{1,3})?$/);
  bench.accept(bench.working("entry"));
  bench.trade(bench.working("entry"));
  assert.equal(bench.working("stop").order.price, "95.1");

  const small = new VenueBench();
  small.submit({ riskPct: 0.0001 });
  const [denied] = small.candle({ close: 100 }).events;
  assert.ok(denied?.type === "OrderDenied");
  assert.equal(denied.code, "SIZE_BELOW_MINIMUM");
});

Deno.test("a pair is denied at a venue", () => {
  const bench = new VenueBench();
  bench.submit({ targetPrice: null, hedge: { side: "sell", ratio: 1 } });
  const [denied] = bench.candle({ close: 100 }).events;
  assert.ok(denied?.type === "OrderDenied");
  assert.equal(denied.code, "HEDGE_INVALID");
});

Deno.test("an entry expires by candle, and stays with its order until the venue says that it is gone", () => {
  const bench = new VenueBench();
  bench.submit({ entry: { type: "limit", price: 99 }, expireAfterSeq: 1 });
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.take();
  bench.candle({ close: 100 });
  const { orderId } = entry.order;
  assert.deepEqual(bench.take(), [{ type: "cancel", orderId }]);
  bench.candle({ close: 100 });
  assert.deepEqual(bench.take(), [], "the driver repeats it");
  assert.equal(bench.account.isQuiesced, false);
  bench.over(bench.working("entry"));
  assert.deepEqual(bench.side.workingOrders(), []);
  assert.equal(bench.account.isQuiesced, true);
});

Deno.test("a fee in base currency of a spot market is taken from what was bought, exactly", () => {
  const bench = new VenueBench({ profile: SPOT });
  bench.submit();
  const entry = bench.working("entry");
  bench.accept(entry);
  bench.trade(entry, { quantity: "2", fee: "0.002", feeCurrency: "BTC" });
  assert.equal(bench.side.positionQuantity(), "1.998");
  assert.equal(bench.working("entry").filled, "2");
  const { cash, equity } = bench.account.view();
  // What was paid: 2 × 100; the fee of 0.002 × 100 is part of it.
  assert.equal(cash, "9999.8");
  assert.equal(equity, "9999.8");
  assert.equal(bench.working("stop").order.quantity, "1.998");
});

Deno.test("a fee in another currency, or one that is not told, is estimated and marked", () => {
  for (
    const change of [
      { fee: "0.3", feeCurrency: "BNB" },
      { fee: null, feeCurrency: null },
    ]
  ) {
    const bench = new VenueBench();
    bench.submit();
    bench.trade(bench.working("entry"), { quantity: "2", ...change });
    const fill = bench.records.find(({ type }) => type === "FILL");
    assert.ok(fill?.type === "FILL");
    assert.equal(fill.fill.fee, "0.1");
    assert.equal(fill.fill.feeIsEstimate, true);
  }
});
