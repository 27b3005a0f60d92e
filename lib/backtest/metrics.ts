/**
 * Figures of a finished run. Pure; a figure that cannot be known is null and
 * never 0. Ratios are computed in floating point: they are estimates of
 * something uncertain, while money stays decimal.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  type DecimalText,
  roundTo,
  toDecimalText,
  ZERO,
} from "../core/decimal.ts";

/** Days of a year: crypto markets do not close. */
const DAYS_PER_YEAR = 365;
const DAY_MS = 86_400_000;

/** Equity at the last candle of one day (UTC, market time). */
export interface DayEquity {
  /** Days since 1970. */
  day: number;
  equity: number;
}

/** Day of a time, counted from 1970, UTC. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

/**
 * Returns of each day of market time, the first one against the initial
 * capital. A day without candles inside the run has return 0: the capital was
 * committed on it, too. Null where an equity is not positive, because no return
 * can be computed from it.
 */
export function dailyReturns(
  days: readonly DayEquity[],
  initialCapital: number,
): readonly number[] | null {
  const returns: number[] = [];
  let before = initialCapital;
  let lastDay: number | null = null;
  for (const { day, equity } of days) {
    if (!(before > 0)) return null;
    for (let idle = (lastDay ?? day - 1) + 1; idle < day; idle++) {
      returns.push(0);
    }
    returns.push(equity / before - 1);
    before = equity;
    lastDay = day;
  }
  return returns;
}

/**
 * Sharpe ratio: mean daily return over its sample standard deviation
 * (n − 1), times √365; risk-free rate 0. Null with fewer than two returns or
 * without any deviation.
 */
export function sharpeRatio(returns: readonly number[]): number | null {
  if (returns.length < 2) return null;
  const mean = meanOf(returns);
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (returns.length - 1));
  return annualised(mean, deviation);
}

/**
 * Sortino ratio: mean daily return over the downside deviation (root of the
 * mean square of the negative returns, over all days), times √365; target
 * return 0. Null with fewer than two returns or without a losing day.
 */
export function sortinoRatio(returns: readonly number[]): number | null {
  if (returns.length < 2) return null;
  const squares = returns.reduce(
    (sum, value) => sum + Math.min(0, value) ** 2,
    0,
  );
  return annualised(meanOf(returns), Math.sqrt(squares / returns.length));
}

/** Sum of all winning results over the sum of all losing ones, after fees. Null without a losing trade. */
export function profitFactor(results: readonly DecimalText[]): number | null {
  let won: Decimal = ZERO;
  let lost: Decimal = ZERO;
  for (const result of results) {
    const value = decimal(result);
    if (value.gt(ZERO)) won = won.plus(value);
    else lost = lost.minus(value);
  }
  return lost.eq(ZERO) ? null : Number(won.div(lost));
}

/** Part of the trades with a result above 0 after fees, in percent. Null without trades. */
export function winRatePct(results: readonly DecimalText[]): number | null {
  if (results.length === 0) return null;
  const wins = results.filter((result) => decimal(result).gt(ZERO)).length;
  return 100 * wins / results.length;
}

/** Decimal places of the money in a result; the books keep all of them. */
export const MONEY_PLACES = 8;

/** Final equity less initial capital; an open position counts at the last close. Null while the equity is unknown. */
export function netResult(
  equity: DecimalText | null,
  initialCapital: DecimalText,
): DecimalText | null {
  return equity === null ? null : toDecimalText(
    roundTo(decimal(equity).minus(initialCapital), MONEY_PLACES),
  );
}

/** A net result as a percentage of the initial capital. */
export function returnPct(
  netPnl: DecimalText | null,
  initialCapital: DecimalText,
): number | null {
  return netPnl === null
    ? null
    : Number(decimal(netPnl).div(initialCapital).times(100));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Deviations below this are rounding errors of equal returns. */
const DEVIATION_MIN = 1e-12;

function annualised(mean: number, deviation: number): number | null {
  return deviation < DEVIATION_MIN
    ? null
    : mean / deviation * Math.sqrt(DAYS_PER_YEAR);
}
