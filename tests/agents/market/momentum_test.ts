import assert from "node:assert/strict";
import fc from "fast-check";
import { ExponentialAverage } from "../../../agents/market/exponential_average.ts";
import { ExponentialVariance } from "../../../agents/market/exponential_variance.ts";
import {
  RelativeStrength,
  RSI_PERIOD,
} from "../../../agents/market/relative_strength.ts";
import { randomWalk } from "../fixtures/candles.ts";

/**
 * Closes and indices of the worked example of StockCharts' ChartSchool, "Relative
 * Strength Index" (its sheet cs-rsi.xls), the indices to two digits.
 */
const PUBLISHED_CLOSES = [
  44.3389,
  44.0902,
  44.1497,
  43.6124,
  44.3278,
  44.8264,
  45.0955,
  45.4245,
  45.8433,
  46.0826,
  45.8931,
  46.0328,
  45.6140,
  46.2820,
  46.2820,
  46.0028,
  46.0328,
  46.4116,
  46.2222,
  45.6439,
  46.2122,
  46.2521,
  45.7137,
  46.4515,
  45.7835,
  45.3548,
  44.0288,
  44.1783,
  44.2181,
  44.5672,
  43.4205,
  42.6628,
  43.1314,
];
const PUBLISHED_RSI = [
  70.53,
  66.32,
  66.55,
  69.41,
  66.36,
  57.97,
  62.93,
  63.26,
  56.06,
  62.38,
  54.71,
  50.42,
  39.99,
  41.46,
  41.87,
  45.46,
  37.30,
  33.08,
  37.77,
];

Deno.test("RelativeStrength equals the published example and is known from candle 15 on", () => {
  const strength = new RelativeStrength();
  const found: number[] = [];
  PUBLISHED_CLOSES.forEach((close, index) => {
    strength.push(close);
    assert.equal(strength.isKnown, index >= RSI_PERIOD);
    if (strength.isKnown) found.push(Number(strength.rsi.toFixed(2)));
  });
  assert.deepEqual(found, PUBLISHED_RSI);
});

Deno.test("RelativeStrength is 100 in a rise, 0 in a fall and 50 where nothing moves", () => {
  for (const [step, expected] of [[1, 100], [-1, 0], [0, 50]] as const) {
    const strength = new RelativeStrength();
    for (let index = 0; index < 40; index++) {
      strength.push(1_000 + index * step);
    }
    assert.equal(strength.rsi, expected);
  }
});

Deno.test("ExponentialAverage starts from the mean and then weighs by 2 / (period + 1)", () => {
  const average = new ExponentialAverage(3);
  const found = [2, 4, 6, 8, 0].map((value) => {
    average.update(value);
    return average.isKnown ? average.value : null;
  });
  assert.deepEqual(found, [null, null, 4, 6, 3]);
});

Deno.test("ExponentialVariance equals the weighted sum of squared returns", () => {
  const decay = 0.94;
  fc.assert(fc.property(
    fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 1 }),
    (returns) => {
      const variance = new ExponentialVariance(decay);
      for (const value of returns) variance.update(value);
      const last = returns.length - 1;
      const sum = returns.reduce((total, value, index) => {
        const weight = index === 0 ? 1 : 1 - decay;
        return total + weight * decay ** (last - index) * value ** 2;
      }, 0);
      assert.ok(Math.abs(variance.deviation - Math.sqrt(sum)) <= 1e-12);
    },
  ));
});

Deno.test("RelativeStrength, ExponentialAverage and ExponentialVariance go on bit for bit from a snapshot", () => {
  const closes = randomWalk({ seed: 5, count: 90 }).map(({ close }) => close);
  for (const cut of [0, 1, 13, 14, 15, 60]) {
    const make = () => ({
      strength: new RelativeStrength(),
      average: new ExponentialAverage(20),
      variance: new ExponentialVariance(0.94),
    });
    const straight = make();
    let restarted = make();
    closes.forEach((close, index) => {
      if (index === cut) {
        const next = make();
        next.strength.restore(structuredClone(restarted.strength.snapshot()));
        next.average.restore(structuredClone(restarted.average.snapshot()));
        next.variance.restore(structuredClone(restarted.variance.snapshot()));
        restarted = next;
      }
      for (const { average, strength, variance } of [straight, restarted]) {
        strength.push(close);
        average.update(close);
        variance.update(close / 100 - 1);
      }
      assert.equal(restarted.strength.rsi, straight.strength.rsi);
      assert.equal(restarted.average.value, straight.average.value);
      assert.equal(restarted.variance.deviation, straight.variance.deviation);
    });
  }
});
