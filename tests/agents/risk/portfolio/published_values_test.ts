/**
 * Values that others have published, or that were computed with other software
 * (scipy; Python's statistics and exact fractions), for losses and their tests.
 */
import assert from "node:assert/strict";
import {
  estimateLoss,
  type LossMethod,
} from "../../../../agents/risk/portfolio/loss_estimate.ts";
import { prepareSample } from "../../../../agents/risk/portfolio/loss_sample.ts";
import {
  baselZone,
  cumulativeChance,
  kupiecTest,
} from "../../../../agents/risk/portfolio/var_backtest.ts";
import {
  maxDrawdown,
  underWater,
} from "../../../../lib/core/statistics/drawdown.ts";
import {
  cornishFisherLoss,
  ewmaVariance,
  normalLoss,
  normalShortfall,
} from "../../../../lib/core/statistics/loss_models.ts";
import {
  lossOfSorted,
  shortfallOfSorted,
} from "../../../../lib/core/statistics/value_at_risk.ts";
import { assertNear } from "../../../support/assert_near.ts";

/** empyrical's series "one", "mixed" without its unknown day, and "negative". */
const ONE = [
  -.00171614,
  .01322056,
  .03063862,
  -.01422057,
  -.00489779,
  .01268925,
  -.03357711,
  .01797036,
];
const MIXED = [.01, .1, -.04, .02, .03, .02, .01, -.1];
const NEGATIVE = [0, -6, -7, -1, -9, -2, -6, -8, -5].map((part) => part / 100);

function estimate(
  returns: readonly number[],
  method: LossMethod,
  level = 0.95,
) {
  const sample = prepareSample(returns);
  // These series are shorter than what is trusted with money.
  const found = estimateLoss(sample, { method, level, observationsMin: 2 });
  if (found.code !== "TOO_FEW_RETURNS") return found;
  return estimateLoss(prepareSample(repeat(returns)), { method, level });
}

/** Enough copies for the level; the order statistics of a series of copies are known. */
function repeat(returns: readonly number[]): number[] {
  return Array.from({ length: 20 }, () => returns).flat();
}

Deno.test("estimateLoss() of the first series at 95 % is scipy's, normal and EWMA", () => {
  const normal = estimate(ONE, "normal");
  assertNear(normal.valueAtRisk, 0.0309861791, 1e-8);
  assertNear(normal.expectedShortfall, 0.0394964231, 1e-8);
  const ewma = estimate(ONE, "ewma");
  assertNear(ewma.valueAtRisk, 1.6448536269514726 * 0.0123550940, 1e-8);
  assertNear(ewma.expectedShortfall, 2.0627128 * 0.0123550940, 1e-8);
});

Deno.test("estimateLoss() of the mixed series at 95 % is scipy's, normal and EWMA", () => {
  assertNear(estimate(MIXED, "normal").valueAtRisk, 0.0884184356, 1e-8);
  assertNear(estimate(MIXED, "normal").expectedShortfall, 0.11246803745943683);
  assertNear(estimate(MIXED, "ewma").valueAtRisk, 0.05791333938104161);
});

Deno.test("estimateLoss() of few returns has no historical figure and says what it needs", () => {
  for (
    const method of [
      "historical",
      "historical_order",
      "cornish_fisher",
    ] as const
  ) {
    const found = estimateLoss(prepareSample(ONE), {
      method,
      level: 0.95,
      observationsMin: 2,
    });
    assert.equal(found.valueAtRisk, null);
    assert.equal(found.expectedShortfall, null);
    assert.equal(found.code, "TOO_FEW_RETURNS");
    assert.equal(
      found.reason,
      `8 returns are known, ${method} at 0.95 needs 20`,
    );
  }
});

// numpy's and Riskfolio's rules on 1 to 100 % of loss: the quantile at 99 · 0.05
// is 5.95 places above the largest loss; the 5th of 100 is 96 %.
Deno.test("estimateLoss() of 100 even losses follows both quantile rules", () => {
  const losses = Array.from({ length: 100 }, (_, index) => -(index + 1) / 100);
  const linear = estimate(losses, "historical");
  assertNear(linear.valueAtRisk, 0.9505);
  assertNear(linear.expectedShortfall, 0.98);
  const order = estimate(losses, "historical_order");
  assertNear(order.valueAtRisk, 0.96);
  assertNear(order.expectedShortfall, 0.98);
  const extreme = estimate(losses, "historical_order", 0.99);
  assertNear(extreme.valueAtRisk, 1);
});

for (
  const { values, tail, quantile } of [
    { values: [1, 2], tail: 0, quantile: 1 },
    { values: [1, 2], tail: 0.3, quantile: 1.3 },
    { values: [1, 2], tail: 1, quantile: 2 },
    { values: [1, 81, 82, 83, 84, 85], tail: 0.1, quantile: 41 },
    { values: [1, 81, 82, 83, 84, 85], tail: 0.2, quantile: 81 },
    { values: [1, 81, 82, 83, 84, 85], tail: 0.3, quantile: 81.5 },
  ]
) {
  Deno.test(`lossOfSorted() of ${values} at ${tail} is empyrical's ${quantile} as a loss`, () => {
    const { ascending } = prepareSample(values);
    assertNear(lossOfSorted(ascending, { tail }), -quantile, 1e-12);
  });
}

Deno.test("prepareSample() of the first and the mixed series at 95 % gives scipy's losses", () => {
  const tail = 0.05;
  const one = prepareSample(ONE);
  assertNear(lossOfSorted(one.ascending, { tail }), 0.0268023210);
  assertNear(normalLoss(one.moments!, tail), 0.0309861791);
  assertNear(normalShortfall(one.moments!, tail), 0.0394964231);
  assertNear(cornishFisherLoss(one.moments!, tail), 0.0336854438);
  assertNear(Math.sqrt(ewmaVariance(one.known)!), 0.0123550940);
  const mixed = prepareSample([NaN, ...MIXED]);
  assert.equal(mixed.gaps, 0);
  assertNear(lossOfSorted(mixed.ascending, { tail }), 0.079);
  assertNear(shortfallOfSorted(mixed.ascending, { tail }), 0.1);
  assertNear(normalLoss(mixed.moments!, tail), 0.0884184356);
  assertNear(cornishFisherLoss(mixed.moments!, tail), 0.0941079543);
});

Deno.test("cornishFisherLoss() is that of the R package Dowd to 1e-9", () => {
  const moments = { mean: 3.2, deviation: 5.6, skewness: 2, kurtosis: 3 };
  assertNear(cornishFisherLoss(moments, 0.1), 4.145348059, 1e-9);
});

Deno.test("estimateLoss() by Cornish-Fisher is scipy's figure for the same moments", () => {
  // Copies keep mean, skewness and kurtosis; the deviation shrinks by a known factor.
  const expected = 0.033685443804359054;
  const factor = Math.sqrt((160 / 159) * (7 / 8));
  const mean = 0.0025133975;
  const found = estimate(ONE, "cornish_fisher");
  assert.equal(found.usedMethod, "cornish_fisher");
  assertNear(found.valueAtRisk, -mean + factor * (expected + mean));
  // Its tail is not monotone that far out, so the mean beyond it is historical.
  assert.equal(found.code, "FELL_BACK");
  assert.equal(found.usedShortfallMethod, "historical");
});

const KUPIEC = [
  {
    periods: 250,
    level: 0.99,
    exceeded: 3,
    ratio: 0.09494012266442997,
    p: 0.7579883213732933,
    printed: "0.0949",
  },
  {
    periods: 250,
    level: 0.99,
    exceeded: 4,
    ratio: 0.7691383643858298,
    p: 0.380483738238959,
    printed: "0.7691",
  },
  {
    periods: 250,
    level: 0.99,
    exceeded: 7,
    ratio: 5.496990447792694,
    p: 0.019049230890526417,
    printed: "5.4970",
  },
  {
    periods: 250,
    level: 0.95,
    exceeded: 20,
    ratio: 4.039520476139188,
    p: 0.04444644930605601,
    printed: "4.0395",
  },
] as const;

for (const { ratio, p, printed, ...count } of KUPIEC) {
  Deno.test(`kupiecTest() of ${count.exceeded} in ${count.periods} at ${count.level} is ${printed}`, () => {
    const test = kupiecTest(count);
    assertNear(test.likelihoodRatio, ratio, 1e-8);
    assertNear(test.pValue, p, 1e-8);
    assert.equal(test.likelihoodRatio.toFixed(4), printed);
    assert.equal(test.isRejected, ratio > 3.841);
  });
}

Deno.test("kupiecTest() with none and with all exceeded is finite", () => {
  const none = kupiecTest({ periods: 250, level: 0.99, exceeded: 0 });
  assertNear(none.likelihoodRatio, 5.025167926750753);
  assertNear(none.pValue, 0.024981503053449303);
  const all = kupiecTest({ periods: 250, level: 0.99, exceeded: 250 });
  assertNear(all.likelihoodRatio, 2302.5850929940457);
  assert.equal(all.pValue, 0);
  assert.equal(all.isRejected, true);
});

Deno.test("baselZone() at 99 % over 250 days is green to 4, yellow to 9, red from 10", () => {
  const zones = Array.from(
    { length: 13 },
    (_, exceeded) => baselZone({ periods: 250, level: 0.99, exceeded }),
  );
  assert.deepEqual(zones, [
    ...Array(5).fill("green"),
    ...Array(5).fill("yellow"),
    ...Array(3).fill("red"),
  ]);
  assert.equal(baselZone({ periods: 250, level: 0.99, exceeded: 250 }), "red");
});

Deno.test("cumulativeChance() is that of the Basel Committee's table", () => {
  const chance = (exceeded: number) =>
    cumulativeChance({ periods: 250, level: 0.99, exceeded });
  assertNear(chance(0), 0.08105851616218146);
  assertNear(chance(4), 0.8921876269036253);
  assertNear(chance(5), 0.9588168159301517);
  assertNear(chance(9), 0.9997498099312595);
  assertNear(chance(10), 0.999946101370953);
  assertNear(chance(250), 1);
});

Deno.test("maxDrawdown() has the starting equity in its peak", () => {
  const equities = (returns: readonly number[]) => {
    let equity = 1;
    return returns.map((value) => equity *= 1 + value);
  };
  assertNear(maxDrawdown(equities(MIXED), 1), 0.1, 1e-12);
  assertNear(maxDrawdown(equities([.1, -.1, .1]), 1), 0.1, 1e-12);
  const losses = equities(NEGATIVE);
  assertNear(maxDrawdown(losses, 1), 1 - losses.at(-1)!, 1e-12);
  assert.deepEqual(underWater([90, 120, 60], 100), [
    -0.09999999999999998,
    0,
    -0.5,
  ]);
});
