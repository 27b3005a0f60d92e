/** What must hold for the figures of every run. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { computeMetrics } from "../../../../lib/backtest/metrics/compute.ts";
import { MONTE_CARLO_DRAWS_MAX } from "../../../../lib/backtest/metrics/limits.ts";
import { monteCarlo } from "../../../../lib/backtest/metrics/monte_carlo.ts";
import {
  compoundPct,
  monthlyReturns,
} from "../../../../lib/backtest/metrics/months.ts";
import type { DayEquity } from "../../../../lib/backtest/metrics/returns.ts";
import {
  expectedShortfall,
  valueAtRisk,
} from "../../../../lib/core/statistics/value_at_risk.ts";
import type { Trade } from "../../../../lib/contracts/order.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { tradesOf } from "./support.ts";

const SEED = 20_262;
const PROPERTY = { seed: SEED, numRuns: 200 };
const CAPITAL = 1_000;

const returnsArb = fc.array(
  fc.double({ min: -0.2, max: 0.25, noNaN: true }),
  { minLength: 1, maxLength: 120 },
);

/** Days some of which have no candles, with the equities that returns give. */
const daysArb = fc.tuple(returnsArb, fc.integer({ min: 1, max: 40 })).map(
  ([returns, stride]): DayEquity[] => {
    let equity = CAPITAL;
    return returns.map((value, index) => ({
      day: 18_000 + index * (index % 7 === 0 ? 1 : stride),
      equity: equity *= 1 + value,
    })).toSorted((a, b) => a.day - b.day).filter((entry, index, all) =>
      entry.day !== all[index - 1]?.day
    );
  },
);

function metricsOf(
  days: readonly DayEquity[],
  { capital = CAPITAL, trades = [] }: {
    capital?: number;
    trades?: readonly Trade[];
  } = {},
) {
  return computeMetrics({
    days,
    initialCapital: String(capital),
    trades,
    candles: 10,
    exposedCandles: 5,
    feesPaid: "0",
    fundingPaid: "0",
    firstAt: null,
    lastAt: null,
  });
}

Deno.test("computeMetrics() does not depend on the size of the account", () => {
  fc.assert(
    fc.property(daysArb, fc.constantFrom(0.25, 8, 1_024), (days, factor) => {
      const scaled = days.map(({ day, equity }) => ({
        day,
        equity: equity * factor,
      }));
      // A power of two scales a float exactly, so the figures are the same bit by bit.
      assert.deepEqual(
        metricsOf(scaled, { capital: CAPITAL * factor }),
        metricsOf(days),
      );
    }),
    PROPERTY,
  );
});

Deno.test("computeMetrics() keeps drawdowns from 0 to 100 % and the deepest one listed first", () => {
  fc.assert(
    fc.property(daysArb, (days) => {
      const metrics = metricsOf(days);
      const depth = metrics.maxDrawdownPct!;
      assert.ok(depth >= 0 && depth <= 100);
      assertNear(metrics.drawdowns[0]?.depthPct ?? 0, depth, 1e-9);
      assert.ok((metrics.averageDrawdownPct ?? 0) <= depth + 1e-9);
      for (const drawdown of metrics.drawdowns) {
        assert.ok(drawdown.peakAt < drawdown.troughAt);
        assert.ok(drawdown.days <= metrics.longestDrawdownDays!);
      }
    }),
    PROPERTY,
  );
});

Deno.test("computeMetrics() of an equity that never falls has no drawdown and no ratio to it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 0.1, noNaN: true }), {
        minLength: 1,
        maxLength: 60,
      }),
      (gains) => {
        let equity = CAPITAL;
        const metrics = metricsOf(
          gains.map((gain, day) => ({ day, equity: equity *= 1 + gain })),
        );
        assert.equal(metrics.maxDrawdownPct, 0);
        assert.equal(metrics.calmar, null);
        assert.equal(metrics.sortino, null);
        assert.equal(metrics.omega, null);
        assert.equal(metrics.longestDrawdownDays, null);
        assert.equal(metrics.averageDrawdownPct, null);
        assert.deepEqual(metrics.drawdowns, []);
      },
    ),
    PROPERTY,
  );
});

Deno.test("monthlyReturns() compound to the total return", () => {
  fc.assert(
    fc.property(daysArb, (days) => {
      const total = metricsOf(days).totalReturnPct!;
      const compounded = compoundPct(monthlyReturns(days, String(CAPITAL)));
      assertNear(compounded, total, 1e-9 * Math.max(1, Math.abs(total)));
    }),
    PROPERTY,
  );
});

Deno.test("valueAtRisk() is never above expectedShortfall(), by either rule", () => {
  fc.assert(
    fc.property(
      returnsArb,
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.constantFrom("linear", "order_statistic"),
      (returns, tail, rule) => {
        const loss = valueAtRisk(returns, { tail, rule })!;
        const shortfall = expectedShortfall(returns, { tail, rule })!;
        assert.ok(loss <= shortfall + 1e-12, `${loss} > ${shortfall}`);
      },
    ),
    PROPERTY,
  );
});

const MONTE_CARLO = {
  initialCapital: "1000",
  maxDrawdownPct: 20,
  runs: 50,
  seed: 7,
};
const resultsArb = fc.array(fc.integer({ min: -20, max: 25 }), {
  minLength: 1,
  maxLength: 40,
});

Deno.test("monteCarlo() is the same for the same seed, ordered and within its bounds", () => {
  fc.assert(
    fc.property(resultsArb, fc.integer(), (results, seed) => {
      const options = { ...MONTE_CARLO, trades: tradesOf(results), seed };
      const drawn = monteCarlo(options)!;
      assert.deepEqual(monteCarlo(options), drawn);
      for (const figure of [drawn.returnPct, drawn.maxDrawdownPct]) {
        assert.ok(figure.p5 <= figure.p50 && figure.p50 <= figure.p95);
      }
      assert.ok(drawn.returnPct.p5 >= -100);
      assert.ok(drawn.maxDrawdownPct.p5 >= 0);
      assert.ok(drawn.maxDrawdownPct.p95 <= 100);
      assert.ok(drawn.lossSharePct >= 0 && drawn.lossSharePct <= 100);
      assert.ok(drawn.ruinSharePct >= 0 && drawn.ruinSharePct <= 100);
    }),
    { seed: SEED, numRuns: 60 },
  );
});

Deno.test("monteCarlo() of one and the same trade has no spread", () => {
  // 1 % of the equity at each entry: 10, then 10.1, then 10.201.
  const trades = tradesOf([10, 10.1, 10.201]);
  const drawn = monteCarlo({ ...MONTE_CARLO, trades })!;
  assertNear(drawn.returnPct.p5, 3.0301);
  assertNear(drawn.returnPct.p95, 3.0301);
  assert.equal(drawn.maxDrawdownPct.p95, 0);
  assert.equal(drawn.lossSharePct, 0);
});

Deno.test("monteCarlo() draws around the compounded result of the trades", () => {
  const results = Array.from({ length: 60 }, (_, i) => i % 3 ? 6 : -8);
  const drawn = monteCarlo({
    ...MONTE_CARLO,
    trades: tradesOf(results),
    runs: 1_000,
  })!;
  const total = results.reduce((sum, value) => sum + value, 0) / 10;
  assert.ok(drawn.returnPct.p5 < total && total < drawn.returnPct.p95);
});

Deno.test("monteCarlo() is unknown without trades, without runs or without equity at an entry", () => {
  assert.equal(monteCarlo({ ...MONTE_CARLO, trades: [] }), null);
  const trades = tradesOf([-1_000, 5]);
  assert.equal(monteCarlo({ ...MONTE_CARLO, trades }), null);
  assert.equal(
    monteCarlo({ ...MONTE_CARLO, trades: tradesOf([1]), runs: 0 }),
    null,
  );
});

Deno.test("monteCarlo() ends a draw at −100 % when a trade takes the whole equity", () => {
  const trades = tradesOf([1, -1_001]);
  const drawn = monteCarlo({ ...MONTE_CARLO, trades })!;
  assert.equal(drawn.returnPct.p5, -100);
  assert.equal(drawn.maxDrawdownPct.p95, 100);
});

Deno.test("monteCarlo() has fewer runs where the draws would pass their limit, and says so", () => {
  const trades = tradesOf(Array.from({ length: 4_000 }, () => 0.01));
  const drawn = monteCarlo({ ...MONTE_CARLO, trades, runs: 10_000 })!;
  assert.equal(drawn.runs, Math.floor(MONTE_CARLO_DRAWS_MAX / 4_000));
  assert.equal(drawn.returnPct.runs, drawn.runs);
});
