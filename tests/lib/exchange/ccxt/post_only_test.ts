import assert from "node:assert/strict";
import type { MarketKind } from "../../../../lib/contracts/venue.ts";
import { ALL_ANSWERS } from "./all_answers.ts";
import { limitOrder } from "./support.ts";
import { openWire } from "./wire.ts";

/** What makes an order post-only, in each venue's words. Sources: their documentation of placing an order. */
const POST_ONLY: readonly (readonly [
  exchange: string,
  market: MarketKind,
  fields: Record<string, unknown>,
])[] = [
  ["binance", "spot", { type: "LIMIT_MAKER" }],
  ["binance", "swap", { type: "LIMIT", timeInForce: "GTX" }],
  ["bybit", "spot", { orderType: "Limit", timeInForce: "PostOnly" }],
  ["bybit", "swap", { orderType: "Limit", timeInForce: "PostOnly" }],
  ["okx", "spot", { ordType: "post_only" }],
  ["okx", "swap", { ordType: "post_only" }],
  ["kraken", "spot", { ordertype: "limit", oflags: "post" }],
  ["kraken", "swap", { orderType: "post" }],
];

for (const [exchange, market, expected] of POST_ONLY) {
  Deno.test(`create() sends a post-only order to ${exchange} as ${JSON.stringify(expected)} (${market})`, async () => {
    await using wire = await openWire({ exchange, market }, ALL_ANSWERS);
    const order = limitOrder({
      price: "25000",
      postOnly: true,
      symbol: exchange === "kraken" && market === "swap"
        ? "BTC/USD"
        : "BTC/USDT",
    });
    const [said, ...more] = await wire.said(() => wire.gateway.create(order));
    assert.equal(more.length, 0);
    const fields = said![1] as Record<string, unknown>;
    assert.deepEqual(
      Object.fromEntries(
        Object.keys(expected).map((name) => [name, fields[name]]),
      ),
      expected,
    );
    const plain = await wire.said(() =>
      wire.gateway.create({ ...order, postOnly: false })
    );
    assert.notDeepEqual(
      Object.fromEntries(
        Object.keys(expected).map((name) => [
          name,
          (plain[0]![1] as Record<string, unknown>)[name],
        ]),
      ),
      expected,
    );
  });
}
