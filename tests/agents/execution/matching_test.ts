import assert from "node:assert/strict";
import {
  feeOf,
  type MatchableOrder,
  matchOrder,
  orderIdOf,
  toFill,
  withSlippage,
} from "../../../agents/execution/matching.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type { OpenOrder } from "../../../lib/contracts/order.ts";
import { decimal, toDecimalText } from "../../../lib/core/decimal.ts";

/** A candle after the one that orders are placed on. */
function bar(open: number, high: number, low: number, close: number): Candle {
  return { seq: 11, openAt: 0, open, high, low, close, volume: 1 };
}

function order(change: Partial<MatchableOrder>): MatchableOrder {
  return {
    side: "buy",
    role: "entry",
    type: "limit",
    price: 100,
    placedSeq: 10,
    ...change,
  };
}

/** Price and liquidity of a match as text, or null. */
function matched(change: Partial<MatchableOrder>, candle: Candle) {
  const execution = matchOrder(order(change), candle);
  return execution === null
    ? null
    : `${toDecimalText(execution.price)} ${execution.liquidity}`;
}

const CASES: [
  criterion: string,
  order: Partial<MatchableOrder>,
  candle: Candle,
  expected: string | null,
][] = [
  [
    "fills a market buy at the open plus 2 bp as taker",
    { type: "market", price: null },
    bar(100, 105, 99, 104),
    "100.02 taker",
  ],
  [
    "fills a market sell at the open less 2 bp as taker",
    { type: "market", price: null, side: "sell" },
    bar(100, 105, 99, 104),
    "99.98 taker",
  ],
  [
    "fills a resting buy limit at its price as maker",
    {},
    bar(101, 102, 99.9, 101),
    "100 maker",
  ],
  [
    "leaves a buy limit that was only touched",
    {},
    bar(101, 102, 100, 101),
    null,
  ],
  [
    "leaves a sell limit that was only touched",
    { side: "sell" },
    bar(99, 100, 98, 99),
    null,
  ],
  [
    "gives a buy limit the lower open",
    { placedSeq: 5 },
    bar(97, 102, 96, 101),
    "97 maker",
  ],
  [
    "gives a sell limit the higher open",
    { side: "sell", placedSeq: 5 },
    bar(103, 104, 99, 101),
    "103 maker",
  ],
  [
    "lets a limit that opens through on its first candle take",
    {},
    bar(97, 102, 96, 101),
    "97 taker",
  ],
  [
    "fills a sell stop at its trigger less 2 bp",
    { role: "stop", type: "stop", side: "sell" },
    bar(102, 103, 99, 101),
    "99.98 taker",
  ],
  [
    "triggers a sell stop by a touch",
    { role: "stop", type: "stop", side: "sell" },
    bar(102, 103, 100, 101),
    "99.98 taker",
  ],
  [
    "fills a gapped sell stop at the open less 2 bp",
    { role: "stop", type: "stop", side: "sell" },
    bar(90, 95, 89, 94),
    "89.982 taker",
  ],
  [
    "fills a buy stop at its trigger plus 2 bp",
    { role: "stop", type: "stop" },
    bar(98, 101, 97, 99),
    "100.02 taker",
  ],
  [
    "fills a gapped buy stop at the open plus 2 bp",
    { role: "stop", type: "stop" },
    bar(110, 112, 109, 111),
    "110.022 taker",
  ],
  [
    "leaves a stop that was not reached",
    { role: "stop", type: "stop", side: "sell" },
    bar(102, 103, 100.01, 101),
    null,
  ],
  [
    "fills a gapped target at the open as maker",
    { role: "target", side: "sell" },
    bar(104, 105, 103, 104),
    "104 maker",
  ],
  [
    "lets no entry live on the candle it was decided on",
    { placedSeq: 11 },
    bar(101, 102, 90, 101),
    null,
  ],
  [
    "lets a stop live on the candle that filled its entry",
    { role: "stop", type: "stop", side: "sell", placedSeq: 11 },
    bar(102, 103, 99, 101),
    "99.98 taker",
  ],
  [
    "lets a target live only from the candle after its entry",
    { role: "target", side: "sell", placedSeq: 11 },
    bar(99, 105, 98, 104),
    null,
  ],
];

for (const [criterion, change, candle, expected] of CASES) {
  Deno.test(`matchOrder() ${criterion}`, () => {
    assert.equal(matched(change, candle), expected);
  });
}

Deno.test("withSlippage() is worse for the side that trades, by 2 bp", () => {
  assert.equal(toDecimalText(withSlippage(decimal("50000"), "buy")), "50010");
  assert.equal(toDecimalText(withSlippage(decimal("50000"), "sell")), "49990");
});

Deno.test("feeOf() takes 5 bp of a taker and 2 bp of a maker", () => {
  const fill = { price: decimal("50000"), quantity: decimal("0.5") };
  assert.equal(toDecimalText(feeOf({ ...fill, liquidity: "taker" })), "12.5");
  assert.equal(toDecimalText(feeOf({ ...fill, liquidity: "maker" })), "5");
});

Deno.test("toFill() names order and fill after intent and role", () => {
  const open: OpenOrder = {
    orderId: orderIdOf("10.0", "entry"),
    intentId: "10.0",
    role: "entry",
    side: "buy",
    type: "limit",
    price: "100",
    quantity: "2",
    reduceOnly: false,
    placedSeq: 10,
    expireAfterSeq: null,
  };
  const execution = {
    price: decimal("100"),
    liquidity: "maker" as const,
    atOpen: false,
  };
  assert.deepEqual(toFill({ order: open, execution, seq: 11, at: 60_000 }), {
    fillId: "10.0-entry-fill",
    orderId: "10.0-entry",
    intentId: "10.0",
    role: "entry",
    side: "buy",
    price: "100",
    quantity: "2",
    fee: "0.04",
    liquidity: "maker",
    seq: 11,
    at: 60_000,
  });
});
