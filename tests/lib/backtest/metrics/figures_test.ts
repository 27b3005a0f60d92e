import assert from "node:assert/strict";
import {
  averageDrawdown,
  listDrawdowns,
  longestDrawdownDays,
} from "../../../../lib/backtest/metrics/drawdowns.ts";
import { computeMetrics } from "../../../../lib/backtest/metrics/compute.ts";
import { checkValueAtRisk } from "../../../../lib/backtest/metrics/kupiec.ts";
import { monthlyReturns } from "../../../../lib/backtest/metrics/months.ts";
import { breakDownByPattern } from "../../../../lib/backtest/metrics/patterns.ts";
import {
  expectedShortfall,
  valueAtRisk,
} from "../../../../lib/core/statistics/value_at_risk.ts";
import { underWater } from "../../../../lib/core/statistics/drawdown.ts";
import { kupiecRatio } from "../../../../lib/core/statistics/kupiec.ts";
import {
  cornishFisherValueAtRisk,
  isCornishFisherValid,
} from "../../../../lib/core/statistics/loss_models.ts";
import {
  holdTimes,
  streaks,
  turnoverOf,
  winsAndLosses,
} from "../../../../lib/backtest/metrics/trades.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { tradesOf } from "./support.ts";

const DAY_MS = 86_400_000;
const NEW_YEAR = Date.UTC(2020, 0, 1) / DAY_MS;

Deno.test("listDrawdowns() dates peak, trough and recovery, and leaves the last one open", () => {
  const days = [100, 90, 80, 100, 120, 90, 110].map((equity, index) => ({
    day: index + 1,
    equity,
  }));
  const found = listDrawdowns(days, 100);
  assert.equal(found.length, 2);
  assertNear(found[0]!.depth, 0.2);
  assert.deepEqual({ ...found[0], depth: 0 }, {
    depth: 0,
    peakDay: 1,
    troughDay: 3,
    recoveryDay: 4,
    days: 3,
  });
  assertNear(found[1]!.depth, 0.25);
  assert.deepEqual({ ...found[1], depth: 0 }, {
    depth: 0,
    peakDay: 5,
    troughDay: 6,
    recoveryDay: null,
    days: 2,
  });
  assert.equal(longestDrawdownDays(found), 3);
  assertNear(averageDrawdown(found), 0.225);
});

Deno.test("listDrawdowns() takes the initial capital for the first peak", () => {
  const [only] = listDrawdowns([{ day: 10, equity: 95 }], 100);
  assert.equal(only?.peakDay, 9);
  assert.equal(only?.days, 1);
  assert.deepEqual(underWater([95, 110, 99], 100).map((x) => +x.toFixed(4)), [
    -0.05,
    0,
    -0.1,
  ]);
});

Deno.test("valueAtRisk() and expectedShortfall() of the order statistic are Riskfolio's", () => {
  const returns = Array.from({ length: 20 }, (_, index) => index / 100 - 0.1);
  const options = { tail: 0.1, rule: "order_statistic" } as const;
  // ⌈20 · 0.1⌉ = 2nd smallest; beyond it −0.10, (0.01) / 2 more on average.
  assertNear(valueAtRisk(returns, options), 0.09);
  assertNear(expectedShortfall(returns, options), 0.095);
  assert.equal(valueAtRisk([], options), null);
  assert.equal(expectedShortfall([null], options), null);
});

Deno.test("cornishFisherValueAtRisk() falls back to the historical one far from normal", () => {
  const returns = [...Array.from({ length: 60 }, () => 0.001), -0.5, 0.002];
  const moments = { mean: 0, deviation: 1, skewness: -2.6, kurtosis: 9 };
  assert.equal(isCornishFisherValid(moments, 0.05), false);
  assert.equal(
    cornishFisherValueAtRisk(returns, 0.05),
    valueAtRisk(returns, { tail: 0.05 }),
  );
});

Deno.test("kupiecRatio() is zero where the share is as promised, and finite at both ends", () => {
  assertNear(kupiecRatio({ days: 100, exceeded: 5, tail: 0.05 }), 0);
  assertNear(
    kupiecRatio({ days: 100, exceeded: 0, tail: 0.05 }),
    -200 * Math.log(0.95),
  );
  assertNear(
    kupiecRatio({ days: 10, exceeded: 10, tail: 0.05 }),
    -20 * Math.log(0.05),
  );
});

Deno.test("checkValueAtRisk() rejects a figure that crashes were not in, and needs 70 days", () => {
  const calm = Array.from({ length: 100 }, (_, i) => i % 2 ? 0.01 : -0.01);
  assert.equal(checkValueAtRisk(calm.slice(0, 69)), null);
  // A loss that is always as large as the volatility is never beyond 1.645 of it.
  const check = checkValueAtRisk(calm)!;
  assert.deepEqual([check.days, check.exceeded, check.isRejected], [
    80,
    0,
    true,
  ]);
});

Deno.test("monthlyReturns() compounds, fills idle months with 0 and stops when the equity is gone", () => {
  const months = monthlyReturns([
    { day: NEW_YEAR + 3, equity: 105 },
    { day: NEW_YEAR + 30, equity: 110 },
    { day: NEW_YEAR + 61, equity: 99 },
  ], "100");
  assert.deepEqual(months.map(({ year, month }) => [year, month]), [
    [2020, 1],
    [2020, 2],
    [2020, 3],
  ]);
  assert.deepEqual(months.map((x) => +x.returnPct.toFixed(6)), [10, 0, -10]);
  const gone = monthlyReturns([
    { day: NEW_YEAR, equity: -5 },
    { day: NEW_YEAR + 40, equity: 5 },
  ], 100);
  assert.deepEqual(gone.map((x) => +x.returnPct.toFixed(6)), [-105]);
  assert.deepEqual(monthlyReturns([], "100"), []);
});

Deno.test("winsAndLosses() and streaks() treat a result of 0 as neither", () => {
  const results = ["10", "20", "0", "5", "-4", "-8", "-3", "1"];
  assert.deepEqual(winsAndLosses(results), {
    averageWin: "9",
    averageLoss: "-5",
    largestWin: "20",
    largestLoss: "-8",
    payoffRatio: 1.8,
  });
  assert.deepEqual(streaks(results), {
    longestWinStreak: 2,
    longestLossStreak: 3,
  });
  assert.equal(winsAndLosses(["0"]).averageWin, null);
});

Deno.test("holdTimes() and turnoverOf() are those of the trades, unknown without any", () => {
  const trades = tradesOf([1, -1, 2]);
  assert.equal(holdTimes(trades).medianHoldMs, 3_600_000);
  assert.equal(holdTimes([]).averageHoldMs, null);
  assertNear(turnoverOf(trades, "1000"), 0.603);
});

Deno.test("breakDownByPattern() adds up per strategy and direction", () => {
  const trades = [
    ...tradesOf([5, -2], { strategy: "fair_value_gap", direction: "short" }),
    ...tradesOf([1.1, 2.2], { strategy: "fair_value_gap" }),
    ...tradesOf([-3]),
  ];
  assert.deepEqual(
    breakDownByPattern(trades).map((
      { strategy, direction, trades, netPnl, profitFactor, winRatePct },
    ) => [strategy, direction, trades, netPnl, profitFactor, winRatePct]),
    [
      ["fair_value_gap", "long", 2, "3.3", null, 100],
      ["fair_value_gap", "short", 2, "3", 2.5, 50],
      ["order_block", "long", 1, "-3", 0, 0],
    ],
  );
});

const INPUT = {
  initialCapital: "100",
  trades: [],
  candles: 0,
  exposedCandles: 0,
  feesPaid: "0",
  fundingPaid: "0",
  firstAt: null,
  lastAt: null,
};

Deno.test("computeMetrics() knows nothing of a run without days or trades, and says so", () => {
  const metrics = computeMetrics({ ...INPUT, days: [] });
  for (
    const name of [
      "totalReturnPct",
      "cagrPct",
      "sharpe",
      "maxDrawdownPct",
      "calmar",
      "valueAtRisk95Pct",
      "expectancy",
      "winRatePct",
      "averageHoldMs",
      "bestDayPct",
    ] as const
  ) assert.equal(metrics[name], null, name);
  assert.equal(metrics.days, 0);
});

Deno.test("computeMetrics() knows the loss but no ratio once the equity is gone", () => {
  const metrics = computeMetrics({
    ...INPUT,
    days: [{ day: 0, equity: -10 }, { day: 1, equity: 5 }],
    candles: 48,
    exposedCandles: 12,
    firstAt: 0,
    lastAt: 2 * DAY_MS - 1,
  });
  assertNear(metrics.totalReturnPct, -95);
  assertNear(metrics.maxDrawdownPct, 110);
  assert.equal(metrics.sharpe, null);
  assert.equal(metrics.cagrPct, null);
  assert.equal(metrics.days, 2);
  assert.equal(metrics.exposurePct, 25);
});

Deno.test("computeMetrics() gives value at risk from the first day that the worst part holds", () => {
  const days = (count: number) =>
    Array.from({ length: count }, (_, day) => ({
      day,
      equity: 100 + day % 3,
    }));
  const rows = (count: number) =>
    computeMetrics({ ...INPUT, days: days(count) }).valueAtRiskByMethod[0]!;
  assert.equal(rows(19).valueAtRisk95Pct, null);
  assert.notEqual(rows(20).valueAtRisk95Pct, null);
  assert.equal(rows(99).valueAtRisk99Pct, null);
  assert.notEqual(rows(100).valueAtRisk99Pct, null);
});
