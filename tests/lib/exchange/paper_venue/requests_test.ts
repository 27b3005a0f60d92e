import assert from "node:assert/strict";
import type { VenueOrderRequest } from "../../../../lib/contracts/venue.ts";
import { AppError } from "../../../../lib/core/errors.ts";
import { assumedRules } from "../../../../lib/exchange/paper_venue/assumed_rules.ts";
import { OPEN_ORDERS_MAX } from "../../../../lib/exchange/paper_venue/limits.ts";
import { RULES, setUp, SYMBOL } from "./support.ts";

const WRONG: readonly [string, Partial<VenueOrderRequest>, string][] = [
  ["another market", { symbol: "ETH/USDT" }, "MARKET_UNKNOWN"],
  [
    "an id that is too long",
    { clientOrderId: "a".repeat(37) },
    "ORDER_INVALID",
  ],
  ["an id with a space", { clientOrderId: "a b" }, "ORDER_INVALID"],
  ["no quantity", { quantity: "0" }, "ORDER_INVALID"],
  ["a quantity that is no number", { quantity: "1e3" }, "ORDER_INVALID"],
  ["a limit without a price", { price: null }, "ORDER_INVALID"],
  ["a negative price", { price: "-1" }, "ORDER_INVALID"],
  [
    "a market order with a price",
    { type: "market", price: "1" },
    "ORDER_INVALID",
  ],
  [
    "a stop without a trigger",
    { type: "stop", triggerPrice: null },
    "ORDER_INVALID",
  ],
  ["a limit with a trigger", { triggerPrice: "90" }, "ORDER_INVALID"],
  [
    "a post-only market order",
    { type: "market", postOnly: true },
    "ORDER_INVALID",
  ],
  [
    "post-only at once or never",
    { postOnly: true, timeInForce: "IOC" },
    "ORDER_INVALID",
  ],
  ["a part of a step of quantity", { quantity: "1.0005" }, "QUANTITY_STEP"],
  ["a part of a step of price", { price: "99.95" }, "PRICE_STEP"],
  [
    "a trigger between steps",
    { type: "stop", triggerPrice: "120.05" },
    "PRICE_STEP",
  ],
  ["too large a quantity", { quantity: "1000.001" }, "QUANTITY_RANGE"],
  ["too small a value", { quantity: "0.049" }, "NOTIONAL_RANGE"],
  [
    "a market order of too small a value",
    { type: "market", quantity: "0.049" },
    "NOTIONAL_RANGE",
  ],
];

for (const [what, change, code] of WRONG) {
  Deno.test(`PaperVenue.create() rejects ${what} with ${code}`, async () => {
    const { quote, rejected, venue } = await setUp();
    await quote(100, 101);
    assert.equal(await rejected(change), code);
    assert.deepEqual(await venue.openOrders(null), []);
  });
}

Deno.test("PaperVenue.create() rejects a quantity below the market's least and a value above its most", async () => {
  const { quote, rejected } = await setUp({
    rules: { ...RULES, minQuantity: "0.1", maxNotional: "1000" },
  });
  await quote(100, 101);
  assert.equal(await rejected({ quantity: "0.099" }), "QUANTITY_RANGE");
  assert.equal(await rejected({ quantity: "10.001" }), "NOTIONAL_RANGE");
});

Deno.test("PaperVenue.create() wants no least value of an order that reduces", async () => {
  const { quote, place, tradeTexts } = await setUp();
  await quote(100, 101);
  await place({ type: "market" });
  await place({
    type: "market",
    side: "sell",
    quantity: "0.01",
    reduceOnly: true,
  });
  assert.deepEqual(tradeTexts(), ["buy 1 @ 101", "sell 0.01 @ 100"]);
});

Deno.test("PaperVenue.create() rejects an id that an open order has, and takes it again when that is over", async () => {
  const { quote, place, rejected, order, venue } = await setUp();
  await quote(100, 101);
  await place({ clientOrderId: "same", price: "90" });
  assert.equal(
    await rejected({ clientOrderId: "same" }),
    "DUPLICATE_CLIENT_ID",
  );
  const first = await order("same");
  await venue.cancel({ ...first, clientOrderId: "same", isStop: false });
  const second = await place({ clientOrderId: "same", price: "91" });
  assert.notEqual(second.venueOrderId, first.venueOrderId);
  assert.equal((await order("same")).price, "91");
});

Deno.test("PaperVenue.create() opens nothing while the market's rules are unknown, and reduces", async () => {
  const state = {
    orders: [],
    position: { quantity: "1", entryPrice: "100", leverage: 10 },
    balance: "1000",
    tradeCounter: 3,
  };
  const { quote, place, rejected, venue } = await setUp({ rules: null, state });
  await quote(100, 101);
  assert.equal(await rejected({}), "RULES_UNKNOWN");
  assert.throws(
    () => venue.rules(SYMBOL),
    (error) => error instanceof AppError && error.code === "MARKET_UNKNOWN",
  );
  const closing = { type: "market", side: "sell", reduceOnly: true } as const;
  assert.equal((await place(closing)).status, "filled");
  venue.setRules(RULES);
  assert.equal(venue.rules(SYMBOL), RULES);
  assert.throws(() => venue.rules("ETH/USDT"), /BTC\/USDT alone/);
  await place({});
});

Deno.test("PaperVenue.create() rejects an order beyond the limit of open ones", async () => {
  const { quote, place, rejected } = await setUp();
  await quote(100, 101);
  for (let count = 0; count < OPEN_ORDERS_MAX; count++) {
    // deno-lint-ignore no-await-in-loop -- one after the other
    await place({ price: "90" });
  }
  assert.equal(await rejected({ price: "90" }), "TOO_MANY_ORDERS");
});

Deno.test("assumedRules() gives steps that fit the price", () => {
  const steps = (price: number) => {
    const { priceStep, quantityStep } = assumedRules(SYMBOL, price);
    return [priceStep, quantityStep];
  };
  assert.deepEqual(steps(48_212.4), ["0.1", "0.000001"]);
  assert.deepEqual(steps(1), ["0.00001", "0.01"]);
  assert.deepEqual(steps(0.000012), ["0.0000000001", "1000"]);
  assert.throws(() => assumedRules(SYMBOL, 0), RangeError);
});

Deno.test("PaperVenue assumes rules from the first price where its owner wants it, until the exchange's are there", async () => {
  const { quote, rejected, venue } = await setUp({
    rules: null,
    assumesRules: true,
  });
  assert.equal(await rejected({}), "RULES_UNKNOWN");
  await quote(100, 101);
  assert.deepEqual(venue.rules(SYMBOL), assumedRules(SYMBOL, 100));
  venue.setRules(RULES);
  await quote(200, 201);
  assert.equal(venue.rules(SYMBOL), RULES);
});
