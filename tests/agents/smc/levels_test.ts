import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type {
  LiquidityEvent,
  PatternEvent,
  PreviousLevelEvent,
} from "../../../lib/contracts/pattern.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { CandleSeries } from "../../../agents/market/candle_series.ts";
import { PatternLog } from "../../../agents/smc/pattern_log.ts";
import { PreviousLevelDetector } from "../../../agents/smc/previous_levels.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { randomWalk } from "../fixtures/candles.ts";
import { detect } from "../fixtures/run_detectors.ts";

const HOUR_MS = 3_600_000;

/** Hourly candles over some weeks, with weekends and other holes left out. */
function hourly(seed: number, count = 700): Candle[] {
  const rng = createRng(seed);
  let openAt = Date.UTC(2023, 10, 20, 5);
  return randomWalk({ seed, count, tick: 0.25 }).map((candle) => {
    openAt += HOUR_MS *
      (rng.next() < 0.03 ? 1 + Math.floor(rng.next() * 60) : 1);
    return { ...candle, openAt };
  });
}

/** Name of the period a time is in, by the calendar of the platform. */
const PERIOD_KEY = {
  "4h": (at: number) => String(Math.floor(at / (4 * HOUR_MS))),
  "1d": (at: number) => new Date(at).toISOString().slice(0, 10),
  "1w": (at: number) => {
    const date = new Date(at);
    date.setUTCDate(date.getUTCDate() - (date.getUTCDay() + 6) % 7);
    return date.toISOString().slice(0, 10);
  },
  "1mo": (at: number) => new Date(at).toISOString().slice(0, 7),
} as const;

/** Set events of a period by grouping the candles. */
function naiveLevels(
  candles: readonly Candle[],
  period: keyof typeof PERIOD_KEY,
): string[] {
  const groups: Candle[][] = [];
  for (const candle of candles) {
    const key = PERIOD_KEY[period](candle.openAt);
    const last = groups.at(-1);
    if (last !== undefined && PERIOD_KEY[period](last[0]!.openAt) === key) {
      last.push(candle);
    } else groups.push([candle]);
  }
  return groups.slice(1).map((group, index) => {
    const before = groups[index]!;
    return [
      group[0]!.seq,
      before.at(-1)!.seq,
      Math.max(...before.map(({ high }) => high)),
      Math.min(...before.map(({ low }) => low)),
    ].join();
  });
}

function levelsOf(
  candles: readonly Candle[],
  period: keyof typeof PERIOD_KEY,
): string[] {
  const series = new CandleSeries();
  const log = new PatternLog();
  const detector = new PreviousLevelDetector({ series, log, period });
  const batch = packCandles(candles);
  const found: string[] = [];
  for (let index = 0; index < batch.count; index++) {
    series.append(batch, index);
    log.beginCandle(series.lastSeq, series.newestAt);
    detector.step();
    for (const event of log.events(log.newestStart, log.end)) {
      const { seq, refSeq, high, low } = event as PreviousLevelEvent;
      found.push([seq, refSeq, high, low].join());
    }
  }
  return found;
}

Deno.test("PreviousLevelDetector equals the grouped candles for every period, empty periods skipped", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.constantFrom("4h", "1d", "1w", "1mo"),
      (seed, period) => {
        const candles = hourly(seed);
        assert.deepEqual(
          levelsOf(candles, period),
          naiveLevels(candles, period),
        );
      },
    ),
    { numRuns: 60 },
  );
});

function taken(events: readonly PatternEvent[], source: string) {
  return events.filter((event): event is LiquidityEvent =>
    event.kind === "liquidity" && event.source === source
  );
}

Deno.test("ReferenceLevels takes the day's extremes once, from the first candle of the next day on", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const candles = hourly(seed, 400);
      const { events } = detect(candles);
      const sets = events.filter((event): event is PreviousLevelEvent =>
        event.kind === "previous_level" && event.period === "1d"
      );
      const expected: string[] = [];
      sets.forEach((level, index) => {
        const end = sets[index + 1]?.seq ?? candles.length;
        for (const bias of [1, -1]) {
          const price = bias > 0 ? level.high : level.low;
          const taker = candles.slice(level.seq, end).find((candle) =>
            bias * ((bias > 0 ? candle.high : candle.low) - price) > 0
          );
          if (taker === undefined) continue;
          const stage = bias * (taker.close - price) > 0 ? "run" : "swept";
          expected.push(`${stage}@${taker.seq}:${price}`);
        }
      });
      assert.deepEqual(
        taken(events, "previous_day").map(({ stage, seq, price }) =>
          `${stage}@${seq}:${price}`
        ).toSorted(),
        expected.toSorted(),
        `seed ${seed}`,
      );
    }),
    { numRuns: 40 },
  );
});

Deno.test("ReferenceLevels and LiquidityDetector take a level only by a wick beyond it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const candles = hourly(seed, 500);
      const seen = new Set<string>();
      for (const event of detect(candles, { swingLength: 3 }).events) {
        if (event.kind !== "liquidity") continue;
        if (event.stage !== "swept" && event.stage !== "run") continue;
        const { high, low, close } = candles[event.seq]!;
        const { bias, price } = event;
        assert.ok(bias * ((bias > 0 ? high : low) - price) > 0);
        assert.equal(bias * (close - price) > 0, event.stage === "run");
        const marked = candles[event.refSeq]!;
        if (event.members === 1) {
          assert.equal(bias > 0 ? marked.high : marked.low, price);
        }
        // A single swing that became a pool may be taken again as that pool.
        const key = `${event.id}:${bias}:${price}:${event.members}`;
        if (event.source !== "session") {
          assert.ok(!seen.has(key), `seed ${seed}: ${key}`);
        }
        seen.add(key);
      }
    }),
    { numRuns: 40 },
  );
});
