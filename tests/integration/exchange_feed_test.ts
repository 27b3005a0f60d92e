import assert from "node:assert/strict";
import { startFakeVenue } from "../venue/venue.ts";
import { setMark, setTop } from "../venue/engine/market_moves.ts";
import { FeedUnderTest } from "./exchange_feed_setup.ts";
import type { MarketKind } from "../../lib/contracts/venue.ts";
import type { FaultRule } from "../venue/faults/kinds.ts";

const STREAM = "stream.kline" as const;

async function withFeed(
  market: MarketKind,
  run: (
    feed: FeedUnderTest,
    venue: ReturnType<typeof startFakeVenue>,
  ) => Promise<void>,
): Promise<void> {
  const venue = startFakeVenue({ seed: 3 });
  const feed = new FeedUnderTest(venue, market);
  try {
    await feed.start();
    await run(feed, venue);
  } finally {
    feed.end();
    await venue.stop();
  }
}

const FAULTS: readonly (readonly [string, readonly FaultRule[]])[] = [
  ["drop", [{ on: STREAM, fault: "drop", times: 3 }]],
  ["gap", [{ on: STREAM, fault: "drop", times: 17 }]],
  ["duplicate", [{ on: STREAM, fault: "duplicate", times: 9 }]],
  ["reorder", [{ on: STREAM, fault: "reorder", times: 9 }]],
  ["24 h cut", [{ on: STREAM, fault: "cut" }]],
  ["429", [{ on: "market", fault: "rate_limit_before", times: 1 }]],
  ["502", [{ on: "market", fault: "bad_gateway_before", times: 2 }]],
];

for (const market of ["spot", "swap"] as const) {
  Deno.test(`feed worker gives the candles of an exchange (${market}) as they are, whatever its streams lose, repeat or cut`, () =>
    withFeed(market, async (feed) => {
      const opened = await feed.open("BTC/USDT");
      const fromSeq = opened.headSeq - 700;
      feed.subscribe(fromSeq, false);
      const times = [`first minutes ${(await feed.minutes(3)).toFixed(0)} ms`];
      for (const [name, rules] of FAULTS) {
        // deno-lint-ignore no-await-in-loop -- one fault after the other
        const tookMs = await feed.minutes(6, rules);
        feed.assertSame(fromSeq);
        times.push(`${name} ${tookMs.toFixed(0)} ms`);
      }
      // deno-lint-ignore no-console -- the figures are what the run is for
      console.log(`  resync (${market}): ${times.join(", ")}`);
    }));
}

for (const market of ["spot", "swap"] as const) {
  Deno.test(`feed worker sends best prices of an exchange (${market}), with the mark price of a perpetual`, () =>
    withFeed(market, async (feed, venue) => {
      const { headSeq } = await feed.open("BTC/USDT");
      feed.subscribe(headSeq + 1, true);
      await feed.until(() => feed.quote() !== null);
      setTop(venue.state, {
        kind: market === "swap" ? "futures" : "spot",
        symbol: "BTCUSDT",
        top: { bid: "50000", ask: "50001", bidSize: "2", askSize: "3" },
      });
      await feed.until(() => feed.quote()?.bid === 50_000);
      const { ask, bidSize, askSize } = feed.quote()!;
      assert.deepEqual([ask, bidSize, askSize], [50_001, 2, 3]);
      if (market === "spot") return assert.equal(feed.quote()!.mark, null);
      setMark(venue.state, "BTCUSDT", "50123");
      setTop(venue.state, {
        kind: "futures",
        symbol: "BTCUSDT",
        top: { bid: "50000.5" },
      });
      await feed.until(() => feed.quote()?.bid === 50_000.5);
      assert(feed.quote()!.mark! > 0);
    }));
}

Deno.test("feed worker refuses a market that the exchange does not have, with near ones", () =>
  withFeed("spot", async (feed) => {
    await assert.rejects(
      feed.open("BTC/USDX"),
      /no spot market BTC\/USDX.*BTC\/USDT/,
    );
    await feed.open("BTC/USDT");
  }));

for (const fault of ["bad_gateway_before", "garbage_after"] as const) {
  Deno.test(`feed worker asks an exchange for its markets anew after ${fault}`, () =>
    withFeed("swap", async (feed, { state: { faults } }) => {
      faults.add({ on: "any", fault, containing: "exchangeInfo" });
      await assert.rejects(
        feed.open("BTC/USDT"),
        /502|list of markets is empty/,
      );
      await feed.open("BTC/USDT");
    }));
}
