/**
 * All figures of a report from the equity of days and the closed trades.
 *
 * @module
 */
import type {
  ReportMetrics,
  ValueAtRiskRow,
} from "../../contracts/backtest_report.ts";
import type { Trade } from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import type { DecimalText } from "../../core/decimal.ts";
import { maxDrawdown } from "../../core/statistics/drawdown.ts";
import {
  cornishFisherValueAtRisk,
  ewmaValueAtRisk,
  normalExpectedShortfall,
  normalValueAtRisk,
} from "../../core/statistics/loss_models.ts";
import {
  expectedShortfall,
  valueAtRisk,
} from "../../core/statistics/value_at_risk.ts";
import {
  averageDrawdown,
  deepestDrawdowns,
  listDrawdowns,
  longestDrawdownDays,
} from "./drawdowns.ts";
import { kellyFraction } from "./kelly.ts";
import { checkValueAtRisk } from "./kupiec.ts";
import { DRAWDOWNS_LISTED_MAX } from "./limits.ts";
import {
  annualReturn,
  annualVolatility,
  calmarRatio,
  omegaRatio,
  sharpeRatio,
  sortinoRatio,
} from "./ratios.ts";
import { dailyReturns, type DayEquity, dayOf } from "./returns.ts";
import { sharpeError } from "./sharpe_error.ts";
import {
  expectancy,
  expectancyR,
  holdTimes,
  profitFactor,
  streaks,
  turnoverOf,
  winRatePct,
  winsAndLosses,
} from "./trades.ts";

/** What a finished run knows. */
export interface MetricsInput {
  /** Equity at the last candle of each day, ascending; days with unknown equity left out. */
  days: readonly DayEquity[];
  initialCapital: DecimalText;
  /** All closed trades in order of their exits. */
  trades: readonly Trade[];
  candles: number;
  /** Candles at whose close a position was open. */
  exposedCandles: number;
  feesPaid: DecimalText;
  /** Paid (positive) or received. */
  fundingPaid: DecimalText;
  /** Opening times of the first and the last candle. */
  firstAt: EpochMs | null;
  lastAt: EpochMs | null;
}

/**
 * Computes the figures of docs/backtest-figures.md. All from daily returns are
 * null where the equity fell to zero or below, because no return can be computed
 * from it; the total return and the drawdowns are still known.
 */
export function computeMetrics(input: MetricsInput): ReportMetrics {
  const initialCapital = Number(input.initialCapital);
  const last = input.days.at(-1);
  const returns = dailyReturns(input.days, initialCapital);
  const { firstAt, lastAt } = input;
  const spanDays = firstAt === null || lastAt === null
    ? 0
    : dayOf(lastAt) - dayOf(firstAt) + 1;
  const results = input.trades.map(({ netPnl }) => netPnl);
  return {
    days: returns?.length ?? spanDays,
    totalReturnPct: last === undefined
      ? null
      : 100 * (last.equity / initialCapital - 1),
    ...returnFigures(returns ?? []),
    ...drawdownFigures(input.days, { initialCapital, returns: returns ?? [] }),
    profitFactor: profitFactor(results),
    expectancy: expectancy(results),
    expectancyR: expectancyR(input.trades),
    winRatePct: winRatePct(results),
    ...winsAndLosses(results),
    kellyFraction: kellyFraction(results.map(Number)),
    ...streaks(results),
    ...holdTimes(input.trades),
    exposurePct: input.candles === 0
      ? 0
      : 100 * input.exposedCandles / input.candles,
    turnover: turnoverOf(input.trades, input.initialCapital),
    feesPaid: input.feesPaid,
    fundingPaid: input.fundingPaid,
  };
}

function returnFigures(returns: readonly number[]) {
  const sharpe = sharpeRatio(returns);
  const hasTail = returns.length >= daysFor(0.05);
  return {
    cagrPct: percent(annualReturn(returns)),
    annualVolatilityPct: percent(annualVolatility(returns)),
    sharpe,
    sharpeError: sharpeError({ sharpe, periods: returns.length }),
    sortino: sortinoRatio(returns),
    omega: omegaRatio(returns),
    valueAtRisk95Pct: hasTail
      ? percent(valueAtRisk(returns, { tail: 0.05 }))
      : null,
    expectedShortfall95Pct: hasTail
      ? percent(expectedShortfall(returns, { tail: 0.05 }))
      : null,
    valueAtRiskByMethod: valueAtRiskByMethod(returns),
    valueAtRiskCheck: checkValueAtRisk(returns),
    bestDayPct: extreme(returns, Math.max),
    worstDayPct: extreme(returns, Math.min),
  };
}

function drawdownFigures(
  days: readonly DayEquity[],
  { initialCapital, returns }: {
    initialCapital: number;
    returns: readonly number[];
  },
) {
  const deepest = days.length === 0
    ? null
    : maxDrawdown(days.map(({ equity }) => equity), initialCapital);
  const drawdowns = listDrawdowns(days, initialCapital);
  return {
    maxDrawdownPct: percent(deepest),
    calmar: calmarRatio(annualReturn(returns), deepest),
    longestDrawdownDays: longestDrawdownDays(drawdowns),
    averageDrawdownPct: percent(averageDrawdown(drawdowns)),
    drawdowns: deepestDrawdowns(drawdowns, DRAWDOWNS_LISTED_MAX),
  };
}

function valueAtRiskByMethod(
  returns: readonly number[],
): readonly ValueAtRiskRow[] {
  const at = (tail: number, figure: () => number | null) =>
    returns.length < daysFor(tail) ? null : percent(figure());
  const row = (
    method: ValueAtRiskRow["method"],
    { loss, shortfall }: {
      loss: (tail: number) => number | null;
      shortfall: (tail: number) => number | null;
    },
  ): ValueAtRiskRow => ({
    method,
    valueAtRisk95Pct: at(0.05, () => loss(0.05)),
    valueAtRisk99Pct: at(0.01, () => loss(0.01)),
    expectedShortfall95Pct: at(0.05, () => shortfall(0.05)),
  });
  return [
    row("historical", {
      loss: (tail) => valueAtRisk(returns, { tail }),
      shortfall: (tail) => expectedShortfall(returns, { tail }),
    }),
    row("normal", {
      loss: (tail) => normalValueAtRisk(returns, tail),
      shortfall: (tail) => normalExpectedShortfall(returns, tail),
    }),
    row("cornish_fisher", {
      loss: (tail) => cornishFisherValueAtRisk(returns, tail),
      shortfall: () => null,
    }),
    row("ewma", {
      loss: (tail) => ewmaValueAtRisk(returns, tail),
      shortfall: () => null,
    }),
  ];
}

/** Days of which the worst `tail` is at least one whole day. */
function daysFor(tail: number): number {
  return Math.round(1 / tail);
}

function percent(part: number | null): number | null {
  return part === null ? null : 100 * part;
}

function extreme(
  returns: readonly number[],
  pick: (a: number, b: number) => number,
): number | null {
  return returns.length === 0
    ? null
    : 100 * returns.reduce((best, value) => pick(best, value));
}
