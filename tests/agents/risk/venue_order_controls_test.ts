import assert from "node:assert/strict";
import fc from "fast-check";
import {
  checkVenueOrder,
  type VenueOrderContext,
} from "../../../agents/risk/venue_order_controls.ts";
import type { DenialCode } from "../../../lib/contracts/order.ts";
import type { VenueOrderRequest } from "../../../lib/contracts/venue.ts";
import { decimal, toDecimalText, ZERO } from "../../../lib/core/decimal.ts";
import { RULES } from "./venue_context.ts";

type Change = Partial<VenueOrderContext> & {
  order?: Partial<VenueOrderRequest>;
};

function orderContext({ order, ...change }: Change = {}): VenueOrderContext {
  return {
    role: "entry",
    symbol: RULES.symbol,
    rules: RULES,
    positionQuantity: ZERO,
    closingQuantity: ZERO,
    parent: { intended: "2", sent: "0" },
    request: {
      clientOrderId: "a1",
      symbol: RULES.symbol,
      side: "buy",
      type: "limit",
      quantity: "2",
      price: "100.1",
      triggerPrice: null,
      reduceOnly: false,
      postOnly: false,
      timeInForce: "GTC",
      ocoGroup: null,
      ...order,
    },
    ...change,
  };
}

/** Closes a long position of 3 at the market. */
function exit({ order, ...change }: Change = {}): Change {
  return {
    role: "close",
    parent: null,
    positionQuantity: decimal("3"),
    ...change,
    order: {
      side: "sell",
      type: "market",
      price: null,
      quantity: "3",
      reduceOnly: true,
      ...order,
    },
  };
}

const verdict = (change: Change): DenialCode | "accepted" =>
  checkVenueOrder(orderContext(change))?.code ?? "accepted";

const BOTH_SIDES: [code: DenialCode, inside: Change, beyond: Change][] = [
  ["SYMBOL_NOT_ALLOWED", {}, { order: { symbol: "ETH/USDT:USDT" } }],
  ["SYMBOL_NOT_ALLOWED", exit(), exit({ symbol: "ETH/USDT:USDT" })],
  ["PRECISION_INVALID", { order: { quantity: "1.999" } }, {
    order: { quantity: "1.9991" },
  }],
  ["PRECISION_INVALID", { order: { price: "100.2" } }, {
    order: { price: "100.25" },
  }],
  [
    "PRECISION_INVALID",
    exit({ order: { triggerPrice: "99.9" } }),
    exit({
      order: { triggerPrice: "99.99" },
    }),
  ],
  ["PRECISION_INVALID", {}, { order: { quantity: "0" } }],
  ["PRECISION_INVALID", {}, { order: { quantity: "-1" } }],
  ["PRECISION_INVALID", {}, { order: { price: "NaN" } }],
  ["PRECISION_INVALID", {}, { order: { price: "1e3" } }],
  ["PRECISION_INVALID", {}, { rules: null }],
  ["PRECISION_INVALID", { order: { quantity: "0.05" } }, {
    order: { quantity: "0.049" },
  }],
  [
    "PRECISION_INVALID",
    { rules: { ...RULES, minQuantity: "2" } },
    { rules: { ...RULES, minQuantity: "2.001" } },
  ],
  [
    "SIZE_ABOVE_MAXIMUM",
    { rules: { ...RULES, maxQuantity: "2" } },
    { rules: { ...RULES, maxQuantity: "1.999" } },
  ],
  [
    "SIZE_ABOVE_MAXIMUM",
    exit({ rules: { ...RULES, maxQuantity: "3" } }),
    exit({ rules: { ...RULES, maxQuantity: "2.999" } }),
  ],
  [
    "SIZE_ABOVE_MAXIMUM",
    { rules: { ...RULES, maxNotional: "200.2" } },
    { rules: { ...RULES, maxNotional: "200.1" } },
  ],
  ["REDUCE_ONLY_INVALID", {}, { order: { reduceOnly: true } }],
  ["REDUCE_ONLY_INVALID", exit(), exit({ order: { quantity: "3.001" } })],
  ["REDUCE_ONLY_INVALID", exit(), exit({ order: { side: "buy" } })],
  ["REDUCE_ONLY_INVALID", exit(), exit({ positionQuantity: ZERO })],
  [
    "REDUCE_ONLY_INVALID",
    exit({ positionQuantity: decimal("-3"), order: { side: "buy" } }),
    exit({ positionQuantity: decimal("-3") }),
  ],
  [
    "REDUCE_ONLY_INVALID",
    exit({ closingQuantity: decimal("1"), order: { quantity: "2" } }),
    exit({ closingQuantity: decimal("1"), order: { quantity: "2.001" } }),
  ],
  [
    "REDUCE_ONLY_INVALID",
    exit({ positionQuantity: null }),
    exit({ positionQuantity: null, order: { reduceOnly: false } }),
  ],
  ["PARENT_EXCEEDED", { parent: { intended: "2.5", sent: "0.5" } }, {
    parent: { intended: "2.5", sent: "0.501" },
  }],
];

for (const [index, [code, inside, beyond]] of BOTH_SIDES.entries()) {
  Deno.test(`checkVenueOrder() denies ${code} beyond the limit and not inside it (${index})`, () => {
    assert.equal(verdict(inside), "accepted");
    assert.equal(verdict(beyond), code);
  });
}

Deno.test("checkVenueOrder() lets an exit go while the rules are unknown, and below the market's minimums", () => {
  assert.equal(verdict(exit({ rules: null })), "accepted");
  assert.equal(verdict(exit({ order: { quantity: "0.001" } })), "accepted");
});

Deno.test("checkVenueOrder() lets a stop rest for the whole position beside a close on its way", () => {
  const stop = { type: "stop", triggerPrice: "99.9" } as const;
  const change = exit({ closingQuantity: decimal("3"), order: stop });
  assert.equal(verdict({ ...change, role: "stop" }), "accepted");
});

Deno.test("checkVenueOrder() never lets exits turn a position round, whatever is sent", () => {
  fc.assert(fc.property(
    fc.integer({ min: -5_000, max: 5_000 }),
    fc.array(fc.record({
      thousandths: fc.integer({ min: 1, max: 4_000 }),
      side: fc.constantFrom("buy" as const, "sell" as const),
    })),
    (held, orders) => {
      const position = decimal(held / 1_000);
      let closing = ZERO;
      for (const { thousandths, side } of orders) {
        const quantity = decimal(thousandths / 1_000);
        const order = { side, quantity: toDecimalText(quantity) };
        const change = exit({
          positionQuantity: position,
          closingQuantity: closing,
          order,
        });
        if (verdict(change) !== "accepted") continue;
        assert.equal(side, held > 0 ? "sell" : "buy");
        closing = closing.plus(quantity);
      }
      assert.ok(closing.lte(position.abs()));
    },
  ));
});

Deno.test("checkVenueOrder() never lets the orders of one decision exceed its size", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 10_000 }),
    fc.array(fc.integer({ min: 1, max: 3_000 })),
    (intended, parts) => {
      let sent = 0;
      for (const part of parts) {
        const change: Change = {
          parent: {
            intended: toDecimalText(decimal(intended / 1_000)),
            sent: toDecimalText(decimal(sent / 1_000)),
          },
          order: { quantity: toDecimalText(decimal(part / 1_000)) },
        };
        if (verdict(change) === "accepted") sent += part;
      }
      assert.ok(sent <= intended);
    },
  ));
});
