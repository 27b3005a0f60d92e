import assert from "node:assert/strict";
import * as fc from "fast-check";
import { assessPortfolio } from "../../../../agents/risk/portfolio/assess_portfolio.ts";
import {
  followEquity,
  startEquityTrack,
} from "../../../../agents/risk/portfolio/equity_track.ts";
import { POSITIONS_LIMIT } from "../../../../agents/risk/portfolio/limits.ts";
import { LOSS_METHODS } from "../../../../agents/risk/portfolio/loss_estimate.ts";
import { ReturnHistory } from "../../../../agents/risk/portfolio/return_history.ts";
import {
  faultsOfRules,
  type RiskRule,
} from "../../../../agents/risk/portfolio/rule_check.ts";
import {
  readMeasures,
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
} from "../../../../agents/risk/portfolio/rule_measures.ts";
import { applyRules } from "../../../../agents/risk/portfolio/rules.ts";
import { valueAtRisk } from "../../../../lib/core/statistics/value_at_risk.ts";
import { assertNear } from "../../../support/assert_near.ts";
import {
  filledHistory,
  portfolioOf,
  position,
  symbolOf,
} from "./portfolio_cases.ts";

const HISTORY = filledHistory({ markets: 5, rows: 250, seed: 21 });
const READ = { method: "historical", level: 0.99 } as const;
const POSITIONS = [0, 1, 2, 3].map((index) => position(index));

/** Every text of money in an object, wherever it is. */
function collect(value: unknown, found: unknown[] = []): unknown[] {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) collect(part, found);
  } else found.push(value);
  return found;
}

Deno.test("assessPortfolio() gives plain data with every figure known", () => {
  const assessment = assessPortfolio(HISTORY, portfolioOf(POSITIONS));
  assert.deepEqual(JSON.parse(JSON.stringify(assessment)), assessment);
  assert.deepEqual(assessment.unknown, []);
  assert.equal(assessment.observations, 250);
  assert.equal(assessment.losses.length, 2 * LOSS_METHODS.length);
  assert.equal(assessment.correlation!.pairs, 6);
  assert(assessment.diversification.ratio! >= 1);
  const readings = readMeasures(assessment, READ);
  for (const name of RISK_MEASURE_NAMES) {
    assert.equal(typeof readings[name], "number", name);
  }
  for (const value of collect(assessment)) {
    assert(typeof value !== "number" || Number.isFinite(value));
  }
});

Deno.test("assessPortfolio() estimates losses of the positions as they are held now, in percent and in money", () => {
  const assessment = assessPortfolio(HISTORY, portfolioOf(POSITIONS));
  const series = POSITIONS.map(({ symbol }) => HISTORY.returnsOf(symbol));
  const returns = Array.from(
    { length: 250 },
    (_, row) =>
      POSITIONS.reduce((sum, { direction }, index) => {
        const mark = 100 + index % 7 / 2;
        const weight = (direction === "long" ? 1 : -1) * 100 * mark / 1_000_000;
        return sum + weight * series[index]![row]!;
      }, 0),
  );
  const expected = valueAtRisk(returns, { tail: 0.01 })!;
  const loss = assessment.losses.find((entry) =>
    entry.method === "historical" && entry.level === 0.99
  )!;
  assertNear(loss.valueAtRiskPct, 100 * expected, 1e-10);
  assertNear(Number(loss.valueAtRisk), 1_000_000 * expected, 1e-6);
  assert.equal(loss.observations, 250);
});

Deno.test("assessPortfolio() with unknown data has null for what depends on it, and says so", () => {
  const input = portfolioOf(POSITIONS);
  const marks = new Map(input.marks).set(symbolOf(1), null);
  const noMark = assessPortfolio(HISTORY, { ...input, marks });
  assert.deepEqual(noMark.unknown, ["The mark price of C1/USDT is unknown"]);
  const equity = followEquity(startEquityTrack("1000"), {
    at: 0,
    equity: null,
  });
  const noEquity = assessPortfolio(HISTORY, { ...input, equity });
  assert.deepEqual(noEquity.unknown, ["The equity is unknown"]);
  const short = new ReturnHistory({ markets: 5, rows: 250 });
  const noReturns = assessPortfolio(short, input);
  assert.equal(noReturns.unknown[0], "No returns of C0/USDT are kept");
  const unknownIn = (assessment: typeof noMark) => {
    const readings = readMeasures(assessment, READ);
    return RISK_MEASURE_NAMES.filter((name) => readings[name] === null);
  };
  assert.deepEqual(
    unknownIn(noMark),
    RISK_MEASURE_NAMES.filter((name) =>
      name !== "drawdown_pct" && name !== "daily_loss_pct"
    ),
  );
  assert.deepEqual(
    unknownIn(noEquity),
    RISK_MEASURE_NAMES.filter((name) =>
      name !== "concentration_pct" && name !== "liquidation_distance_pct"
    ),
  );
  assert.deepEqual(unknownIn(noReturns), [
    "value_at_risk_pct",
    "expected_shortfall_pct",
    "correlation",
    "stress_loss_pct",
  ]);
  const loss = noEquity.losses[0]!;
  assert.equal(loss.valueAtRisk, null);
  assert.equal(loss.code, "NO_WEIGHTS");
});

Deno.test("assessPortfolio() of nothing risks nothing, also without a history", () => {
  const assessment = assessPortfolio(
    new ReturnHistory({ markets: 1, rows: 10 }),
    portfolioOf([]),
  );
  const readings = readMeasures(assessment, READ);
  assert.deepEqual(readings, {
    value_at_risk_pct: 0,
    expected_shortfall_pct: 0,
    gross_exposure_pct: 0,
    concentration_pct: 0,
    largest_market_pct: 0,
    correlation: 0,
    drawdown_pct: 0,
    committed_exposure_pct: 0,
    net_exposure_pct: 0,
    symbol_long_pct: 0,
    symbol_short_pct: 0,
    daily_loss_pct: 0,
    liquidation_distance_pct: 100,
    stress_loss_pct: 0,
  });
  assert.equal(assessment.losses[0]!.code, "NO_POSITION");
  assert.equal(assessment.losses[0]!.valueAtRisk, "0");
});

Deno.test("assessPortfolio() of a long and an equal short of one market is flat", () => {
  const both = [
    position(0, { id: "long", direction: "long" }),
    position(0, { id: "short", direction: "short" }),
  ];
  const assessment = assessPortfolio(HISTORY, portfolioOf(both));
  assert.equal(assessment.exposure.net, "0");
  assert.equal(assessment.exposure.gross, "20100");
  assert.equal(assessment.losses[0]!.code, "NO_POSITION");
  assert.equal(assessment.stress.every(({ pnl }) => pnl === "0"), true);
});

Deno.test("assessPortfolio() of positions twice as large has twice the losses, with more of them the sum at most", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 500 }), {
        minLength: 5,
        maxLength: 5,
      }),
      (quantities) => {
        const of = (factor: number) =>
          assessPortfolio(
            HISTORY,
            portfolioOf(
              quantities.map((quantity, index) =>
                position(index, { quantity: String(factor * quantity) })
              ),
            ),
          );
        const once = of(1);
        const twice = of(2);
        for (const [index, { valueAtRiskPct }] of once.losses.entries()) {
          const other = twice.losses[index]!;
          if (other.usedMethod !== once.losses[index]!.usedMethod) continue;
          assertNear(other.valueAtRiskPct, 2 * valueAtRiskPct!, 1e-9);
        }
        const { volatilityPct, undiversifiedPct } = once.diversification;
        assert(volatilityPct! <= undiversifiedPct! + 1e-12);
      },
    ),
    { seed: 20_278, numRuns: 50 },
  );
});

for (const measure of RISK_MEASURE_NAMES) {
  Deno.test(`a rule on ${measure} of a real portfolio acts at the limit that it is at, and not at a limit beyond`, () => {
    const sign = RISK_MEASURES[measure].worse === "above" ? 1 : -1;
    const stateAt = (value: number, actAt: number) => {
      const rule: RiskRule = {
        id: measure,
        scope: "portfolio",
        measure,
        actAt,
        warnAt: actAt,
        releaseAt: actAt - sign,
        holdMs: 0,
        action: "reducing",
        isLatched: false,
        haltUnknownAfterMs: null,
      };
      assert.deepEqual(faultsOfRules([rule]), []);
      return applyRules({
        rules: [rule],
        states: {},
        at: 0,
        readingsOf: () => ({ [measure]: value }),
      }).standings[0]!.state;
    };
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 800 }), {
          minLength: 1,
          maxLength: 5,
        }),
        fc.integer({ min: 1, max: 1_100_000 }),
        fc.double({ min: 1e-6, max: 50, noNaN: true }),
        (quantities, equity, beyond) => {
          const positions = quantities.map((quantity, index) =>
            position(index, { quantity: String(quantity) })
          );
          const track = followEquity(startEquityTrack("1000000"), {
            at: 0,
            equity: String(equity),
          });
          const assessment = assessPortfolio(
            HISTORY,
            portfolioOf(positions, { equity: track }),
          );
          const value = readMeasures(assessment, READ)[measure]!;
          assert.equal(stateAt(value, value), "reducing");
          assert.equal(stateAt(value, value + sign * beyond), "active");
        },
      ),
      { seed: 20_280, numRuns: 30 },
    );
  });
}

Deno.test("readMeasures() has no stress loss without a scenario, and no loss of a method that was not asked for", () => {
  const assessment = assessPortfolio(
    HISTORY,
    portfolioOf(POSITIONS, { scenarios: [], losses: { methods: ["ewma"] } }),
  );
  const readings = readMeasures(assessment, READ);
  assert.equal(readings.stress_loss_pct, null);
  assert.equal(readings.value_at_risk_pct, null);
  assert.equal(
    typeof readMeasures(assessment, { method: "ewma", level: 0.99 })
      .value_at_risk_pct,
    "number",
  );
});

Deno.test("assessPortfolio() gives the same for the same input, and leaves it as it was", () => {
  const input = portfolioOf(POSITIONS);
  const before = structuredClone(HISTORY.snapshot());
  const first = assessPortfolio(HISTORY, input);
  assert.deepEqual(assessPortfolio(HISTORY, input), first);
  assert.deepEqual(HISTORY.snapshot(), before);
});

Deno.test("assessPortfolio() refuses more positions than its limit", () => {
  const positions = Array.from(
    { length: POSITIONS_LIMIT + 1 },
    () => position(0),
  );
  assert.throws(
    () => assessPortfolio(HISTORY, portfolioOf(positions)),
    /1001 positions/,
  );
});
