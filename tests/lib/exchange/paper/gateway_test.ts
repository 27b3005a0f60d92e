import assert from "node:assert/strict";
import type { Candle } from "../../../../lib/contracts/candle.ts";
import type { OpenOrder } from "../../../../lib/contracts/order.ts";
import { PaperGateway } from "../../../../lib/exchange/paper/gateway.ts";

function order(id: string, change: Partial<OpenOrder>): OpenOrder {
  return {
    orderId: id,
    intentId: id,
    role: "entry",
    side: "buy",
    type: "limit",
    price: "100",
    quantity: "1",
    reduceOnly: false,
    placedSeq: 10,
    expireAfterSeq: null,
    ...change,
  };
}

function bar(open: number, high: number, low: number): Candle {
  return { seq: 12, openAt: 0, open, high, low, close: open, volume: 1 };
}

/** Orders of a gateway in the sequence that one candle fills them. */
function fillsOf(orders: OpenOrder[], candle: Candle): string[] {
  const gateway = new PaperGateway();
  orders.forEach((resting) => gateway.place(resting));
  const filled: string[] = [];
  for (
    let match = gateway.match(candle);
    match !== null;
    match = gateway.match(candle)
  ) {
    filled.push(match.order.orderId);
    gateway.remove(match.order.orderId);
  }
  return filled;
}

const STOP = order("stop", {
  role: "stop",
  type: "stop",
  side: "sell",
  price: "95",
});
const TARGET = order("target", { role: "target", side: "sell", price: "105" });

Deno.test("PaperGateway.match() fills the stop first where one candle reaches stop and target", () => {
  assert.deepEqual(fillsOf([TARGET, STOP], bar(100, 106, 94)), [
    "stop",
    "target",
  ]);
});

Deno.test("PaperGateway.match() fills the stop first even where the open is beyond the target", () => {
  assert.equal(fillsOf([TARGET, STOP], bar(107, 108, 94))[0], "stop");
});

Deno.test("PaperGateway.match() fills a close before everything else", () => {
  const close = order("close", {
    role: "close",
    type: "market",
    side: "sell",
    price: null,
  });
  assert.equal(fillsOf([STOP, close], bar(90, 91, 89))[0], "close");
});

Deno.test("PaperGateway.match() fills entries at the open first, then the oldest", () => {
  const orders = [
    order("old", { price: "99" }),
    order("older than market", { price: "98" }),
    order("market", { type: "market", price: null }),
  ];
  assert.deepEqual(fillsOf(orders, bar(100, 101, 90)), [
    "market",
    "old",
    "older than market",
  ]);
});

Deno.test("PaperGateway.place() refuses an order id that rests", () => {
  const gateway = new PaperGateway();
  gateway.place(order("a", {}));
  assert.throws(() => gateway.place(order("a", {})), /rests already/);
});

Deno.test("PaperGateway.remove() returns the order once and null afterwards", () => {
  const gateway = new PaperGateway();
  gateway.place(order("a", {}));
  assert.equal(gateway.remove("a")?.orderId, "a");
  assert.equal(gateway.remove("a"), null);
  assert.equal(gateway.size, 0);
});

Deno.test("PaperGateway.expiredBy() names entries whose last candle has closed", () => {
  const gateway = new PaperGateway();
  gateway.place(order("a", { expireAfterSeq: 12 }));
  gateway.place(order("b", { expireAfterSeq: null }));
  assert.equal(gateway.hasExpiredBy(11), false);
  assert.equal(gateway.hasExpiredBy(12), true);
  assert.deepEqual(gateway.expiredBy(12).map(({ orderId }) => orderId), ["a"]);
});
