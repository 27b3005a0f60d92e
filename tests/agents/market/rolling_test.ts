import assert from "node:assert/strict";
import fc from "fast-check";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import {
  ATR_PERIOD,
  CandleSeries,
} from "../../../agents/market/candle_series.ts";
import { RollingExtreme } from "../../../agents/market/rolling_extreme.ts";
import { WilderAverage } from "../../../agents/market/wilder_average.ts";
import { randomWalk } from "../fixtures/candles.ts";

Deno.test("RollingExtreme equals the largest value of each window", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 }),
    fc.integer({ min: 1, max: 20 }),
    (values, window) => {
      const rolling = new RollingExtreme(window);
      values.forEach((value, index) => {
        rolling.push(value);
        const from = Math.max(0, index - window + 1);
        assert.equal(
          rolling.value,
          Math.max(...values.slice(from, index + 1)),
        );
      });
    },
  ));
});

Deno.test("WilderAverage is 0 before its period and Wilder's mean after it", () => {
  const average = new WilderAverage(3);
  const seen = [6, 3, 9, 12, 0].map((x) => {
    average.update(x);
    return average.value;
  });
  assert.deepEqual(seen, [0, 0, 6, (6 * 2 + 12) / 3, (8 * 2 + 0) / 3]);
});

Deno.test("CandleSeries ATR equals the textbook definition", () => {
  const candles = randomWalk({ seed: 11, count: 300 });
  const series = new CandleSeries();
  const batch = packCandles(candles);
  let atr = 0;
  let sum = 0;
  candles.forEach((candle, index) => {
    const previous = candles[index - 1]?.close ?? candle.close;
    const trueRange = index === 0 ? candle.high - candle.low : Math.max(
      candle.high - candle.low,
      Math.abs(candle.high - previous),
      Math.abs(candle.low - previous),
    );
    sum += index < ATR_PERIOD ? trueRange : 0;
    if (index === ATR_PERIOD - 1) atr = sum / ATR_PERIOD;
    if (index >= ATR_PERIOD) {
      atr = (atr * (ATR_PERIOD - 1) + trueRange) / ATR_PERIOD;
    }
    series.append(batch, index);
    assert.ok(Math.abs(series.atr[index]! - atr) < 1e-9, `candle ${index}`);
  });
});
