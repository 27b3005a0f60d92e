/**
 * Daily returns of market time: what all ratios and risk figures are made of.
 *
 * @module
 */
import { knownReturns, type Returns } from "../../core/statistics/returns.ts";

/** Days of a year: crypto markets do not close. Stock markets have 252. */
export const DAYS_PER_YEAR = 365;

/** Length of a day. */
export const DAY_MS = 86_400_000;

/** Equity at the last candle of one day (UTC, market time). */
export interface DayEquity {
  /** Days since 1970. */
  day: number;
  /** In quote currency. */
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

/** Growth over all periods, 1 = unchanged: the product of (1 + return). */
export function growthOf(returns: Returns): number {
  return knownReturns(returns).reduce((all, value) => all * (1 + value), 1);
}
