/**
 * Values that others have published, or that were computed with other software,
 * for the formulas of docs/backtest-figures.md.
 */
import assert from "node:assert/strict";
import { maxDrawdown } from "../../../../lib/core/statistics/drawdown.ts";
import { kellyFraction } from "../../../../lib/backtest/metrics/kelly.ts";
import { kupiecRatio } from "../../../../lib/core/statistics/kupiec.ts";
import {
  annualReturn,
  annualVolatility,
  calmarRatio,
  downsideRisk,
  omegaRatio,
  sharpeRatio,
  sortinoRatio,
} from "../../../../lib/backtest/metrics/ratios.ts";
import { growthOf } from "../../../../lib/backtest/metrics/returns.ts";
import {
  knownReturns,
  type Returns,
} from "../../../../lib/core/statistics/returns.ts";
import {
  expectedShortfall,
  valueAtRisk,
} from "../../../../lib/core/statistics/value_at_risk.ts";
import {
  cornishFisherLoss,
  cornishFisherValueAtRisk,
  ewmaVariances,
  isCornishFisherValid,
  normalExpectedShortfall,
  normalValueAtRisk,
} from "../../../../lib/core/statistics/loss_models.ts";
import { sharpeError } from "../../../../lib/backtest/metrics/sharpe_error.ts";
import { assertNear } from "../../../support/assert_near.ts";

// Series of empyrical's own tests; its NaN is a return that is unknown.
const MIXED: Returns = [null, .01, .1, -.04, .02, .03, .02, .01, -.1];
const NEGATIVES: Returns = [0, -6, -7, -1, -9, -2, -6, -8, -5].map((percent) =>
  percent / 100
);
const ONE: Returns = [
  -.00171614,
  .01322056,
  .03063862,
  -.01422057,
  -.00489779,
  .01268925,
  -.03357711,
  .01797036,
];
const DAILY = { periodsPerYear: 252 };
const TAIL = 0.05;

/** Equities that the returns give from a capital of 1. */
function equitiesOf(returns: Returns): readonly number[] {
  let equity = 1;
  return returns.map((value) => equity *= 1 + (value ?? 0));
}

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
  Deno.test(`valueAtRisk() of ${values} at ${tail} is empyrical's quantile ${quantile} as a loss`, () => {
    assertNear(valueAtRisk(values, { tail }), -quantile, 1e-12);
  });
}

Deno.test("annualReturn() of empyrical's mixed series counts the unknown day as time", () => {
  assertNear(annualReturn(MIXED, DAILY), 1.9135925373194231, 1e-12);
});

Deno.test("annualVolatility() and downsideRisk() of the mixed series are empyrical's", () => {
  assertNear(annualVolatility(MIXED, DAILY), 0.9136465399704637, 1e-12);
  assertNear(downsideRisk(MIXED, DAILY), 0.6044832503882965, 1e-12);
});

Deno.test("sharpeRatio() and sortinoRatio() of the mixed series are empyrical's", () => {
  assertNear(sharpeRatio(MIXED, DAILY), 1.7238613961706866, 1e-12);
  assertNear(sortinoRatio(MIXED, DAILY), 2.605531251673693, 1e-12);
});

Deno.test("maxDrawdown() and calmarRatio() of the mixed series are empyrical's", () => {
  const deepest = maxDrawdown(equitiesOf(MIXED), 1);
  assertNear(deepest, 0.1, 1e-12);
  const annual = annualReturn(MIXED, DAILY);
  assertNear(calmarRatio(annual, deepest), 19.135925373194233, 1e-10);
});

Deno.test("omegaRatio() of the mixed series with a required return of 10 is empyrical's", () => {
  const omega = omegaRatio(MIXED, { ...DAILY, requiredReturn: 10 });
  assertNear(omega, 0.8335426349755793, 1e-12);
});

Deno.test("maxDrawdown() of 10, −10, 10 % is 10 %, and of losses alone the whole loss", () => {
  assertNear(maxDrawdown(equitiesOf([.1, -.1, .1]), 1), 0.1, 1e-12);
  const loss = 1 - growthOf(NEGATIVES);
  assertNear(maxDrawdown(equitiesOf(NEGATIVES), 1), loss, 1e-12);
});

Deno.test("sharpeRatio() and sortinoRatio() of losses alone are empyrical's", () => {
  assertNear(sharpeRatio(NEGATIVES, DAILY), -24.406808633910085, 1e-10);
  assertNear(sortinoRatio(NEGATIVES, DAILY), -13.532743075043401, 1e-10);
});

Deno.test("downsideRisk() and sortinoRatio() of empyrical's first simple benchmark are its own", () => {
  assertNear(downsideRisk(ONE, DAILY), 0.20671788246185202, 1e-12);
  assertNear(sortinoRatio(ONE, DAILY), 3.0639640966566306, 1e-12);
});

Deno.test("cornishFisherLoss() is that of the R package Dowd, beyond what is valid here", () => {
  const moments = { mean: 3.2, deviation: 5.6, skewness: 2, kurtosis: 3 };
  assertNear(cornishFisherLoss(moments, 0.1), 4.145348059, 1e-9);
  assert.equal(isCornishFisherValid(moments, 0.01), false);
});

Deno.test("value at risk of the first series at 95 % is scipy's by every method", () => {
  assertNear(valueAtRisk(ONE, { tail: TAIL }), 0.0268023210);
  assertNear(normalValueAtRisk(ONE, TAIL), 0.0309861791);
  assertNear(cornishFisherValueAtRisk(ONE, TAIL), 0.0336854438);
  assertNear(normalExpectedShortfall(ONE, TAIL), 0.0394964231);
  assertNear(Math.sqrt(ewmaVariances(ONE).at(-1)!), 0.0123550940);
});

Deno.test("value at risk of the mixed series at 95 % is scipy's by every method", () => {
  assertNear(valueAtRisk(MIXED, { tail: TAIL }), 0.079);
  assertNear(normalValueAtRisk(MIXED, TAIL), 0.0884184356);
  assertNear(cornishFisherValueAtRisk(MIXED, TAIL), 0.0941079543);
  assertNear(expectedShortfall(MIXED, { tail: TAIL }), 0.1);
});

Deno.test("kellyFraction() of the mixed series is 0.1973684211", () => {
  assertNear(kellyFraction(knownReturns(MIXED)), 0.1973684211, 1e-10);
});

for (
  const { days, tail, exceeded, ratio } of [
    { days: 250, tail: 0.01, exceeded: 3, ratio: 0.0949 },
    { days: 250, tail: 0.01, exceeded: 4, ratio: 0.7691 },
    { days: 250, tail: 0.01, exceeded: 7, ratio: 5.4970 },
    { days: 250, tail: 0.05, exceeded: 20, ratio: 4.0395 },
  ]
) {
  Deno.test(`kupiecRatio() of ${exceeded} in ${days} days at ${tail} is ${ratio}`, () => {
    assertNear(kupiecRatio({ days, exceeded, tail }), ratio, 5e-5);
  });
}

for (
  const { sharpe, periods, error } of [
    { sharpe: 0.5, periods: 12, error: 0.306 },
    { sharpe: 1, periods: 60, error: 0.158 },
    { sharpe: 3, periods: 12, error: 0.677 },
  ]
) {
  Deno.test(`sharpeError() of ${sharpe} over ${periods} periods is ${error}, as in Lo's table`, () => {
    assertNear(
      sharpeError({ sharpe, periods, periodsPerYear: 1 }),
      error,
      5e-4,
    );
  });
}
