import assert from "node:assert/strict";
import type { Clock } from "../../actors/clock.ts";
import { systemClock } from "../../actors/system_clock.ts";
import type { CandleBatch, FeedMessage } from "../../lib/contracts/links.ts";
import { createCcxtMarkets } from "../../lib/exchange/ccxt/market_data.ts";
import { LiveStream } from "../../lib/exchange/live/live_stream.ts";
import { closeMinute } from "../venue/engine/market_moves.ts";
import { startFakeVenue } from "../venue/venue.ts";

/** So many times faster, or a silence would take longer than the test may. */
const FAST = 10;

const fastClock: Clock = {
  nowMs: () => systemClock.nowMs(),
  monotonicMs: () => systemClock.monotonicMs() * FAST,
  after: (ms, callback) => systemClock.after(ms / FAST, callback),
  every: (ms, callback) => systemClock.every(ms / FAST, callback),
};

/** Its limit of waiting is short in fast time, and the library is slow to load. */
async function opened(stream: LiveStream) {
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- until it is loaded
    const answer = await stream.describe().catch(() => null);
    if (answer !== null) return answer;
  }
}

Deno.test("LiveStream finds that an exchange's open socket has fallen silent, and misses nothing", async () => {
  const venue = startFakeVenue({ seed: 11 });
  const batches: CandleBatch[] = [];
  let heard = Promise.withResolvers<void>();
  const stream = new LiveStream({
    stream: {
      streamId: "s1",
      feed: { kind: "exchange", exchange: "binance", market: "spot" },
      symbol: "BTC/USDT",
      timeframe: "1m",
    },
    open: createCcxtMarkets({
      venue: { exchange: "binance", market: "spot" },
      clock: fastClock,
      origin: venue.url,
    }).open,
    random: () => 0.5,
    runtime: {
      clock: fastClock,
      credits: () => Infinity,
      report: () => {},
      send: (_link, message) => {
        const known = message as FeedMessage;
        if (known.type === "candles") batches.push(known);
        heard.resolve();
        heard = Promise.withResolvers();
      },
    },
  });
  try {
    const { headSeq } = await opened(stream);
    stream.subscribe("desk", {
      fromSeq: headSeq + 1,
      windowCandles: Infinity,
      wantsQuotes: false,
    });
    const series = venue.state.seriesOf("spot", "BTCUSDT");
    const minutes = async (count: number) => {
      for (let minute = 0; minute < count; minute++) closeMinute(venue.state);
      const last = series.minute(series.count - 2);
      while (batches.at(-1)?.packed.at(-6) !== last.openAt) {
        // deno-lint-ignore no-await-in-loop -- each message may be the one
        await heard.promise;
      }
    };
    await minutes(3);
    venue.state.faults.add({ on: "stream.kline", fault: "silence" });
    const startMs = fastClock.monotonicMs();
    await minutes(5);
    const tookMs = fastClock.monotonicMs() - startMs;
    // deno-lint-ignore no-console -- the figure is what the run is for
    console.log(`  silence: all here after ${Math.round(tookMs)} ms`);
    assert.equal(batches[0]!.fromSeq, headSeq + 1);
    assert(venue.state.faults.log().some(({ fault }) => fault === "silence"));
  } finally {
    stream.close();
    await venue.stop();
  }
});
