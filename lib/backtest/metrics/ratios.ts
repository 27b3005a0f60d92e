/**
 * Ratios of return to risk, annualised. A figure that cannot be known is null.
 * They are computed in floating point: they estimate something uncertain.
 *
 * @module
 */
import { knownReturns, type Returns } from "../../core/statistics/returns.ts";
import {
  DEVIATION_MIN,
  meanOf,
  sampleDeviation,
} from "../../core/statistics/sample.ts";
import { DAYS_PER_YEAR, growthOf } from "./returns.ts";

/** How periods become a year. */
export interface PeriodOptions {
  /** 365 for daily returns of a market that never closes, 252 for a stock exchange. */
  periodsPerYear?: number;
}

/**
 * Return of a year at the pace of the whole run: growth ^ (periods per year /
 * periods) − 1. Periods of unknown return count as time. Null without a return
 * or where the capital is gone or the figure has no meaning as a number.
 */
export function annualReturn(
  returns: Returns,
  { periodsPerYear = DAYS_PER_YEAR }: PeriodOptions = {},
): number | null {
  const growth = growthOf(returns);
  if (returns.length === 0 || !(growth >= 0)) return null;
  const annual = growth ** (periodsPerYear / returns.length) - 1;
  return Number.isFinite(annual) ? annual : null;
}

/** Sample standard deviation (n − 1) times √periods. Null with fewer than two returns. */
export function annualVolatility(
  returns: Returns,
  { periodsPerYear = DAYS_PER_YEAR }: PeriodOptions = {},
): number | null {
  const known = knownReturns(returns);
  return known.length < 2
    ? null
    : sampleDeviation(known) * Math.sqrt(periodsPerYear);
}

/**
 * Root of the mean square of the returns below the target (0), over all
 * periods, times √periods. Null without a return.
 */
export function downsideRisk(
  returns: Returns,
  { periodsPerYear = DAYS_PER_YEAR }: PeriodOptions = {},
): number | null {
  const known = knownReturns(returns);
  return known.length === 0
    ? null
    : downsideDeviation(known) * Math.sqrt(periodsPerYear);
}

/**
 * Sharpe ratio: mean return over its sample standard deviation (n − 1), times
 * √periods; risk-free rate 0. Null with fewer than two returns or without any
 * deviation.
 */
export function sharpeRatio(
  returns: Returns,
  { periodsPerYear = DAYS_PER_YEAR }: PeriodOptions = {},
): number | null {
  const known = knownReturns(returns);
  if (known.length < 2) return null;
  return annualised(known, sampleDeviation(known), periodsPerYear);
}

/**
 * Sortino ratio: mean return over the downside deviation (root of the mean
 * square of the negative returns, over all periods), times √periods; target
 * return 0. Null with fewer than two returns or without a losing period.
 */
export function sortinoRatio(
  returns: Returns,
  { periodsPerYear = DAYS_PER_YEAR }: PeriodOptions = {},
): number | null {
  const known = knownReturns(returns);
  if (known.length < 2) return null;
  return annualised(known, downsideDeviation(known), periodsPerYear);
}

/**
 * Calmar ratio: annual return over the deepest drawdown (a positive part of
 * one). Null where the return is unknown or there was no drawdown.
 */
export function calmarRatio(
  annual: number | null,
  maxDrawdown: number | null,
): number | null {
  return annual === null || maxDrawdown === null || maxDrawdown < DEVIATION_MIN
    ? null
    : annual / maxDrawdown;
}

/**
 * Omega ratio: sum of what the returns have above the required return over what
 * they lack below it. `requiredReturn` is that of a year. Null with fewer than
 * two returns or where no period is below.
 */
export function omegaRatio(
  returns: Returns,
  { periodsPerYear = DAYS_PER_YEAR, requiredReturn = 0 }:
    & PeriodOptions
    & { requiredReturn?: number } = {},
): number | null {
  const known = knownReturns(returns);
  if (known.length < 2) return null;
  const threshold = (1 + requiredReturn) ** (1 / periodsPerYear) - 1;
  let above = 0;
  let below = 0;
  for (const value of known) {
    if (value > threshold) above += value - threshold;
    else below += threshold - value;
  }
  return below < DEVIATION_MIN ? null : above / below;
}

function downsideDeviation(known: readonly number[]): number {
  const squares = known.reduce(
    (sum, value) => sum + Math.min(0, value) ** 2,
    0,
  );
  return Math.sqrt(squares / known.length);
}

function annualised(
  known: readonly number[],
  deviation: number,
  periodsPerYear: number,
): number | null {
  return deviation < DEVIATION_MIN
    ? null
    : meanOf(known) / deviation * Math.sqrt(periodsPerYear);
}
