/**
 * What a risk manager shows of itself.
 *
 * @module
 */
import type {
  GuardLossView,
  GuardRuleView,
  RiskView,
} from "../../lib/contracts/guard.ts";
import type { GuardConfig } from "../../lib/contracts/guard_config.ts";
import type { EpochMs } from "../../lib/contracts/primitives.ts";
import type { PortfolioAssessment } from "../risk/portfolio/assessment.ts";
import type { LossBacktest } from "../risk/portfolio/loss_backtest.ts";
import type { PortfolioLoss } from "../risk/portfolio/portfolio_losses.ts";
import {
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
  type RiskMeasureName,
} from "../risk/portfolio/rule_measures.ts";
import type { RuleStates } from "../risk/portfolio/rule_state.ts";
import { baselZone, kupiecTest } from "../risk/portfolio/var_backtest.ts";
import type { AccountNow } from "./guarded_accounts.ts";
import { ACCOUNTS_SHOWN, LADDER_ROWS_SHOWN, MARKETS_SHOWN } from "./limits.ts";
import type { GuardWish } from "./guard_core.ts";
import { strictest } from "./guard_verdict.ts";
import type { Assessed } from "./portfolio_state.ts";

/** What a view is made of. */
export interface ViewInput {
  at: EpochMs | null;
  config: GuardConfig;
  /** Null before the first assessment. */
  assessed: Assessed | null;
  accounts: readonly AccountNow[];
  missing: readonly string[];
  wish: GuardWish;
  rules: RuleStates;
  /** Rules that a person must release, here or at any desk. */
  latched: readonly string[];
  backtests: readonly LossBacktest[];
}

/** The view; lists are cut, and say how much is left out. */
export function riskView(input: ViewInput): RiskView {
  const { wish, accounts, assessed, config } = input;
  const demand = strictest([wish.latched, wish.current]);
  const assessment = assessed?.assessment ?? null;
  return {
    at: input.at,
    state: demand?.state ?? "active",
    code: demand?.code ?? null,
    reason: demand?.reason ?? null,
    latched: input.latched,
    accounts: accounts.slice(0, ACCOUNTS_SHOWN).map(({ facts, problem }) => ({
      agentId: facts.agentId,
      equity: facts.equity,
      marketAt: facts.marketAt,
      tradingState: facts.tradingState,
      problem,
    })),
    accountsLeftOut: Math.max(0, accounts.length - ACCOUNTS_SHOWN),
    equity: assessment?.equity.equity ?? null,
    peak: assessment?.equity.peak ?? null,
    drawdownPct: assessment?.equity.drawdownPct ?? null,
    maxDrawdownPct: assessment?.equity.maxDrawdownPct ?? null,
    dailyLoss: assessment?.equity.dailyLoss ?? null,
    dailyLossPct: assessment?.equity.dailyLossPct ?? null,
    ...(assessment === null ? NOTHING_ASSESSED : assessedParts(assessment)),
    losses: (assessment?.losses ?? []).map((loss) =>
      lossView(loss, input.backtests)
    ),
    rules: ruleViews(input),
    unknown: [...input.missing, ...(assessment?.unknown ?? [])],
    window: config.returns,
  };
}

const NOTHING_ASSESSED = {
  exposure: null,
  concentration: null,
  correlation: null,
  ladder: null,
  stress: [],
  observations: 0,
} as const;

function assessedParts(
  { exposure, concentration, correlation, ladder, stress, observations }:
    PortfolioAssessment,
) {
  const bySize = exposure.markets.toSorted((a, b) => sizeOf(b) - sizeOf(a));
  return {
    exposure: {
      markets: bySize.slice(0, MARKETS_SHOWN),
      marketsLeftOut: Math.max(0, bySize.length - MARKETS_SHOWN),
      gross: exposure.gross,
      net: exposure.net,
      working: exposure.working,
      grossPct: exposure.grossPct,
      netPct: exposure.netPct,
      committedPct: exposure.committedPct,
    },
    concentration: {
      largest: concentration.largest,
      largestSharePct: concentration.largestSharePct,
      herfindahl: concentration.herfindahl,
    },
    correlation: correlation === null ? null : {
      average: correlation.average,
      weightedAverage: correlation.weightedAverage,
      highest: correlation.highest,
    },
    ladder: {
      rows: ladder.rows.slice(0, LADDER_ROWS_SHOWN).map((row) => ({
        id: row.id,
        symbol: row.symbol,
        direction: row.direction,
        markPrice: row.markPrice,
        liquidationPrice: row.liquidationPrice,
        distancePct: row.distancePct,
      })),
      rowsLeftOut: Math.max(0, ladder.rows.length - LADDER_ROWS_SHOWN),
      steps: ladder.steps,
      unknown: ladder.unknown.slice(0, LADDER_ROWS_SHOWN),
    },
    stress: stress.map(({ name, pnl, pnlPct, liquidated, reason }) => ({
      name,
      pnl,
      pnlPct,
      liquidated,
      reason,
    })),
    observations,
  };
}

/** What is unknown is listed first. */
function sizeOf(
  { long, short }: { long: string | null; short: string | null },
): number {
  return long === null || short === null
    ? Infinity
    : Math.max(Number(long), Number(short));
}

function lossView(
  loss: PortfolioLoss,
  backtests: readonly LossBacktest[],
): GuardLossView {
  const { method, level } = loss;
  const count = backtests.find((one) =>
    one.method === method && one.level === level
  );
  return {
    method,
    usedMethod: loss.usedMethod,
    levelPct: Number((100 * level).toFixed(4)),
    valueAtRiskPct: loss.valueAtRiskPct,
    valueAtRisk: loss.valueAtRisk,
    expectedShortfallPct: loss.expectedShortfallPct,
    expectedShortfall: loss.expectedShortfall,
    observations: loss.observations,
    reason: loss.reason,
    backtest: count === undefined ? null : verdictOf(count),
  };
}

function verdictOf(count: LossBacktest): GuardLossView["backtest"] {
  const { expected, likelihoodRatio, isRejected } = kupiecTest(count);
  const { periods, exceeded } = count;
  const zone = baselZone(count);
  return { periods, exceeded, expected, likelihoodRatio, isRejected, zone };
}

/** Rules in force, and those that are latched although they are not. */
function ruleViews(input: ViewInput): GuardRuleView[] {
  return RISK_MEASURE_NAMES
    .filter((measure) =>
      input.config.rules[measure].enabled || input.latched.includes(measure)
    )
    .map((measure) => ruleView(measure, input));
}

function ruleView(
  measure: RiskMeasureName,
  { config, rules, latched, assessed }: ViewInput,
): GuardRuleView {
  const { label, unit } = RISK_MEASURES[measure];
  const { warning, limit, release, action } = config.rules[measure];
  const state = rules[measure] ?? { level: "quiet" };
  const value = assessed?.readings[measure] ?? null;
  const isQuiet = state.level === "quiet";
  return {
    ruleId: measure,
    measure,
    label,
    unit,
    value: value === "waiting" ? null : value,
    warning,
    limit,
    release,
    action,
    level: isQuiet && value === "waiting" ? "warming_up" : state.level,
    isLatched: latched.includes(measure),
    since: isQuiet ? null : state.since,
    reason: state.level === "acting" ? state.reason : null,
  };
}
