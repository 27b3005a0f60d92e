import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type {
  PatternEvent,
  RangeEvent,
  SwingEvent,
} from "../../../lib/contracts/pattern.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { RETRACEMENT_LEVELS_PCT } from "../../../agents/smc/dealing_range.ts";
import { DetectorSet } from "../../../agents/smc/detector_set.ts";
import { randomWalk } from "../fixtures/candles.ts";
import { DETECTOR } from "../fixtures/run_detectors.ts";

interface Row {
  events: readonly PatternEvent[];
  direction: number;
  retracementPct: number;
  deepestPct: number;
  top: number;
  bottom: number;
  positionPct: number;
}

function rowsOf(candles: readonly Candle[]): Row[] {
  const detectors = new DetectorSet({ ...DETECTOR, swingLength: 4 });
  const batch = packCandles(candles);
  return candles.map((_, index) => {
    detectors.step(batch, index);
    const { range, events } = detectors;
    return {
      events,
      direction: range.direction,
      retracementPct: range.retracementPct,
      deepestPct: range.deepestPct,
      top: range.top,
      bottom: range.bottom,
      positionPct: range.positionPct,
    };
  });
}

/** Swings that stand at each candle, from the events alone. */
function lastSwings(events: readonly SwingEvent[], seq: number) {
  let high: SwingEvent | null = null;
  let low: SwingEvent | null = null;
  let last: SwingEvent | null = null;
  for (const event of events) {
    if (event.stage !== "confirmed" || event.seq > seq) continue;
    if (event.bias > 0) high = event;
    else low = event;
    last = event;
  }
  return { high, low, last };
}

Deno.test("DealingRangeDetector equals the definition at every candle", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const candles = randomWalk({ seed, count: 300, tick: 0.25 });
      const rows = rowsOf(candles);
      const swings = rows.flatMap(({ events }) => events).filter((
        event,
      ): event is SwingEvent =>
        event.kind === "swing" && event.scale === "swing"
      );
      rows.forEach((row, seq) => {
        const { high, low, last } = lastSwings(swings, seq);
        if (high === null || low === null || last === null) {
          assert.equal(row.direction, 0);
          return;
        }
        const since = (from: number) => candles.slice(from + 1, seq + 1);
        const top = Math.max(
          high.price,
          ...since(high.refSeq).map((c) => c.high),
        );
        const bottom = Math.min(
          low.price,
          ...since(low.refSeq).map((c) => c.low),
        );
        assert.deepEqual([row.top, row.bottom], [top, bottom], `seed ${seed}`);
        assert.equal(row.direction, last.bias);
        const height = high.price - low.price;
        if (height <= 0) {
          assert.ok(Number.isNaN(row.retracementPct));
          return;
        }
        const retraced = ({ high: h, low: l }: Candle) =>
          last.bias > 0
            ? 100 * (high.price - l) / height
            : 100 * (h - low.price) / height;
        const deepest = Math.max(0, ...since(last.refSeq).map(retraced));
        assert.ok(Math.abs(row.deepestPct - deepest) < 1e-9, `seed ${seed}`);
        const now = retraced(candles[seq]!);
        assert.ok(Math.abs(row.retracementPct - now) < 1e-9, `seed ${seed}`);
      });
    }),
    { numRuns: 40 },
  );
});

Deno.test("DealingRangeDetector tells each change of zone and no other", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const rows = rowsOf(randomWalk({ seed, count: 300, tick: 0.25 }));
      let zone: string | null = null;
      for (const { events, positionPct } of rows) {
        const told = events.find((event): event is RangeEvent =>
          event.kind === "range"
        );
        const now: string | null = Number.isNaN(positionPct)
          ? zone
          : positionPct > 52.5
          ? "premium"
          : positionPct < 47.5
          ? "discount"
          : "equilibrium";
        assert.equal(told?.stage ?? zone, now, `seed ${seed}`);
        if (told !== undefined) assert.notEqual(told.stage, zone);
        zone = now;
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("DealingRangeDetector tells each level of a leg once, in order", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const rows = rowsOf(randomWalk({ seed, count: 400, tick: 0.25 }));
      let told: number[] = [];
      for (const { events, deepestPct, direction } of rows) {
        const isNewLeg = events.some((event) =>
          event.kind === "swing" && event.scale === "swing" &&
          event.stage === "confirmed"
        );
        if (isNewLeg) told = [];
        for (const event of events) {
          if (event.kind !== "retracement") continue;
          assert.equal(event.bias, direction);
          told.push(event.levelPct);
        }
        const reached = direction === 0
          ? []
          : RETRACEMENT_LEVELS_PCT.filter((level) => level <= deepestPct);
        assert.deepEqual(told, reached, `seed ${seed}`);
      }
    }),
    { numRuns: 40 },
  );
});
