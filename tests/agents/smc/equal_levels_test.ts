import assert from "node:assert/strict";
import fc from "fast-check";
import type { SwingEvent } from "../../../lib/contracts/pattern.ts";
import { unpackCandle } from "../../../lib/contracts/candle.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { SERIES_MASK } from "../../../agents/market/candle_series.ts";
import { DetectorSet } from "../../../agents/smc/detector_set.ts";
import { randomWalk } from "../fixtures/candles.ts";
import { DETECTOR } from "../fixtures/run_detectors.ts";

Deno.test("EqualLevelDetector compares each internal swing with the one of its side before it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const batch = packCandles(randomWalk({ seed, count: 500, tick: 0.25 }));
      const detectors = new DetectorSet(DETECTOR);
      const swings: SwingEvent[] = [];
      const expected: string[] = [];
      const found: string[] = [];
      for (let index = 0; index < batch.count; index++) {
        detectors.step(batch, index);
        const { seq } = unpackCandle(batch.packed, index, 0);
        for (const event of detectors.events) {
          if (event.kind === "equal_level") {
            found.push([event.seq, event.refSeq, event.price].join());
          }
          if (event.kind !== "swing" || event.scale !== "internal") continue;
          if (event.stage === "replaced") swings.pop();
          if (event.stage !== "confirmed") continue;
          // Highs and lows alternate, so the one before the last is of this side.
          const before = swings.at(-2);
          swings.push(event);
          const atr = detectors.series.atr[seq & SERIES_MASK]!;
          if (before === undefined) continue;
          assert.equal(before.bias, event.bias);
          const distance = Math.abs(before.price - event.price);
          if (distance <= DETECTOR.liquidityToleranceAtr * atr) {
            expected.push([seq, before.refSeq, event.price].join());
          }
        }
      }
      assert.deepEqual(found, expected, `seed ${seed}`);
    }),
    { numRuns: 60 },
  );
});
