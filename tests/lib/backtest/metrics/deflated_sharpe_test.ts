import assert from "node:assert/strict";
import {
  deflatedSharpe,
  expectedMaxSharpe,
  probabilisticSharpe,
} from "../../../../lib/backtest/metrics/deflated_sharpe.ts";
import { sharpeRatio } from "../../../../lib/backtest/metrics/ratios.ts";
import { momentsOf } from "../../../../lib/core/statistics/sample.ts";
import { assertNear } from "../../../support/assert_near.ts";

// The numerical example of Bailey and López de Prado 2014: an annual ratio of
// 2.5 over five years of 250 days, skewness −3, kurtosis 10, variance of the
// tries ½ a year.
for (
  const { trials, share } of [{ trials: 100, share: 0.9004 }, {
    trials: 46,
    share: 0.9505,
  }]
) {
  Deno.test(`probabilisticSharpe() after ${trials} tries is ${share}, as published`, () => {
    const benchmark = expectedMaxSharpe({
      trials,
      deviation: Math.sqrt(0.5 / 250),
    });
    const actual = probabilisticSharpe({
      sharpe: 2.5 / Math.sqrt(250),
      benchmark,
      periods: 1_250,
      skewness: -3,
      kurtosis: 10,
    });
    assertNear(actual, share, 5e-5);
  });
}

Deno.test("expectedMaxSharpe() of 100 tries is 0.1132, as published, and 0 for one", () => {
  const deviation = Math.sqrt(0.5 / 250);
  assertNear(expectedMaxSharpe({ trials: 100, deviation }), 0.1132, 5e-5);
  assert.equal(expectedMaxSharpe({ trials: 1, deviation }), 0);
});

Deno.test("probabilisticSharpe() of 24 months with fat tails is 0.913, normal ones 0.982 (2012)", () => {
  const estimate = { sharpe: 0.458, benchmark: 0, periods: 24 };
  const fat = { ...estimate, skewness: -2.448, kurtosis: 10.164 };
  assertNear(probabilisticSharpe(fat), 0.913, 5e-4);
  const normal = { ...estimate, skewness: 0, kurtosis: 3 };
  assertNear(probabilisticSharpe(normal), 0.982, 5e-4);
});

Deno.test("deflatedSharpe() falls with the number of sets tried and is a chance", () => {
  const returns = Array.from(
    { length: 200 },
    (_, day) => 0.001 + 0.01 * Math.sin(day * 2.4),
  );
  const best = sharpeRatio(returns)!;
  const few = deflatedSharpe({ sharpes: [best, best - 1], returns })!;
  const sharpes = Array.from({ length: 50 }, (_, i) => best - (i % 2));
  const many = deflatedSharpe({ sharpes, returns })!;
  const alone = deflatedSharpe({ sharpes: [best], returns })!;
  assert.ok(0 <= many && many < few && few < alone && alone <= 1);
  assert.equal(deflatedSharpe({ sharpes: [best], returns: [0, 0, 0] }), null);
  assert.equal(deflatedSharpe({ sharpes: [], returns }), null);
});

Deno.test("deflatedSharpe() counts a try without a ratio, and takes the deviation of those that have one", () => {
  const returns = Array.from(
    { length: 200 },
    (_, day) => 0.001 + 0.01 * Math.sin(day * 2.4),
  );
  const best = sharpeRatio(returns)!;
  const known = [best, best - 1, best - 2];
  const idle = Array<null>(9).fill(null);
  const moments = momentsOf(returns)!;
  assertNear(
    deflatedSharpe({ sharpes: [...known, ...idle], returns }),
    probabilisticSharpe({
      sharpe: best / Math.sqrt(365),
      benchmark: expectedMaxSharpe({
        trials: 12,
        deviation: 1 / Math.sqrt(365),
      }),
      periods: 200,
      skewness: moments.skewness,
      kurtosis: moments.kurtosis,
    })!,
    1e-12,
  );
  // How far the tries differ is unknown.
  assert.equal(deflatedSharpe({ sharpes: [best, null], returns }), null);
  assert.equal(deflatedSharpe({ sharpes: [null], returns }), null);
});
