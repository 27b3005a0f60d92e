import assert from "node:assert/strict";
import type { MarketKind } from "../../../../lib/contracts/venue.ts";
import { causeOf } from "../../../../lib/exchange/gateway/refusal_cause.ts";
import { ALL_ANSWERS } from "./all_answers.ts";
import { limitOrder } from "./support.ts";
import { openWire } from "./wire.ts";

interface Venue {
  exchange: string;
  market: MarketKind;
  route: string;
}

/** Answers of venues, as their documentation words them, and the class of each. */
const CASES: readonly (readonly [
  Venue,
  readonly (readonly [status: number, body: unknown, cause: string])[],
])[] = [
  [{ exchange: "binance", market: "spot", route: "POST /api/v3/order" }, [
    [400, {
      code: -2010,
      msg: "Account has insufficient balance for requested action.",
    }, "funds"],
    [
      400,
      { code: -2010, msg: "Order would immediately match and take." },
      "post_only",
    ],
    [
      400,
      { code: -1013, msg: "Filter failure: PERCENT_PRICE_BY_SIDE" },
      "price",
    ],
    [400, { code: -1013, msg: "Filter failure: NOTIONAL" }, "invalid"],
    [400, { code: -1013, msg: "Filter failure: MAX_NUM_ORDERS" }, "rate"],
    [401, {
      code: -2015,
      msg: "Invalid API-key, IP, or permissions for action.",
    }, "permission"],
    [429, { code: -1003, msg: "Too many requests." }, "rate"],
  ]],
  [{ exchange: "binance", market: "swap", route: "POST /fapi/v1/order" }, [
    [400, {
      code: -5022,
      msg:
        "Due to the order could not be executed as maker, the Post Only order will be rejected.",
    }, "post_only"],
    [400, { code: -2019, msg: "Margin is insufficient." }, "funds"],
  ]],
  [{ exchange: "bybit", market: "swap", route: "POST /v5/order/create" }, [
    [200, { retCode: 110007, retMsg: "ab not enough for new order" }, "funds"],
    [200, { retCode: 10006, retMsg: "Too many visits!" }, "rate"],
  ]],
  [{ exchange: "okx", market: "swap", route: "POST /api/v5/trade/order" }, [
    [200, {
      code: "1",
      msg: "",
      data: [{
        sCode: "51008",
        sMsg: "Order failed. Insufficient USDT margin in account",
      }],
    }, "funds"],
    [200, {
      code: "1",
      msg: "",
      data: [{
        sCode: "51006",
        sMsg: "Order price is not within the price limit",
      }],
    }, "price"],
  ]],
  [{ exchange: "kraken", market: "spot", route: "POST /0/private/AddOrder" }, [
    [200, { error: ["EOrder:Insufficient funds"] }, "funds"],
    [200, { error: ["EOrder:Post only order"] }, "post_only"],
    [200, { error: ["EOrder:Rate limit exceeded"] }, "rate"],
    [200, { error: ["EGeneral:Permission denied"] }, "permission"],
  ]],
  [{
    exchange: "kraken",
    market: "swap",
    route: "POST /derivatives/api/v3/sendorder",
  }, [
    [
      200,
      { result: "success", sendStatus: { status: "postWouldExecute" } },
      "post_only",
    ],
    [200, {
      result: "success",
      sendStatus: { status: "insufficientAvailableFunds" },
    }, "funds"],
    [
      200,
      { result: "success", sendStatus: { status: "outsidePriceCollar" } },
      "price",
    ],
  ]],
];

for (const [venue, answers] of CASES) {
  const { exchange, market, route } = venue;
  Deno.test(`create() tells why ${exchange} refuses, in a class (${market})`, async () => {
    await using wire = await openWire(venue, ALL_ANSWERS);
    const order = limitOrder({
      price: "25000",
      symbol: exchange === "kraken" && market === "swap"
        ? "BTC/USD"
        : "BTC/USDT",
    });
    const found: unknown[] = [];
    for (const [status, body] of answers) {
      wire.server.answers[route] = () => Response.json(body, { status });
      // deno-lint-ignore no-await-in-loop -- one answer after the other
      const outcome = await wire.gateway.create(order);
      found.push(
        outcome.kind === "rejected"
          ? [body, causeOf(outcome)]
          : [body, outcome.kind],
      );
    }
    assert.deepEqual(found, answers.map(([, body, cause]) => [body, cause]));
  });
}
