/**
 * Figures over closed trades. Results are after fees; 0 is neither a win nor a
 * loss. Sums of money stay decimal.
 *
 * @module
 */
import type { Trade } from "../../contracts/order.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  roundTo,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import { MONEY_PLACES } from "./money.ts";
import { meanOf, quantileOf, sorted } from "../../core/statistics/sample.ts";

/** Sum of all winning results over the sum of all losing ones, after fees. Null without a losing trade. */
export function profitFactor(results: readonly DecimalText[]): number | null {
  const { won, lost } = sumsOf(results);
  return lost.eq(ZERO) ? null : Number(won.div(lost));
}

/** Part of the trades with a result above 0 after fees, in percent. Null without trades. */
export function winRatePct(results: readonly DecimalText[]): number | null {
  if (results.length === 0) return null;
  const wins = results.filter((result) => decimal(result).gt(ZERO)).length;
  return 100 * wins / results.length;
}

/** Sum of all results, exact. */
export function netSum(results: readonly DecimalText[]): DecimalText {
  const { won, lost } = sumsOf(results);
  return toDecimalText(won.minus(lost));
}

/** Mean result of a trade, in quote currency. Null without trades. */
export function expectancy(
  results: readonly DecimalText[],
): DecimalText | null {
  const { won, lost } = sumsOf(results);
  return meanMoney(won.minus(lost), results.length);
}

/** Mean result as a multiple of the money at risk at entry. Null without trades. */
export function expectancyR(trades: readonly Trade[]): number | null {
  return trades.length === 0
    ? null
    : meanOf(trades.map(({ resultR }) => Number(resultR)));
}

/** Wins and losses by size. Losses are negative amounts. */
export interface WinsAndLosses {
  averageWin: DecimalText | null;
  averageLoss: DecimalText | null;
  largestWin: DecimalText | null;
  largestLoss: DecimalText | null;
  /** Average win over average loss, positive. */
  payoffRatio: number | null;
}

/** Averages and extremes of wins and of losses, null where there are none. */
export function winsAndLosses(results: readonly DecimalText[]): WinsAndLosses {
  const { won, lost, wins, losses, largestWin, largestLoss } = sumsOf(results);
  const averageWin = meanMoney(won, wins);
  const averageLoss = meanMoney(ZERO.minus(lost), losses);
  return {
    averageWin,
    averageLoss,
    largestWin: wins === 0 ? null : toDecimalText(largestWin),
    largestLoss: losses === 0 ? null : toDecimalText(largestLoss),
    payoffRatio: wins === 0 || losses === 0
      ? null
      : Number(won.div(wins).div(lost.div(losses))),
  };
}

/** Longest runs of wins and of losses in a row; a result of 0 ends both. */
export function streaks(
  results: readonly DecimalText[],
): { longestWinStreak: number; longestLossStreak: number } {
  let longestWinStreak = 0;
  let longestLossStreak = 0;
  let length = 0;
  let lastSign = 0;
  for (const result of results) {
    const sign = Math.sign(Number(result));
    length = sign === lastSign ? length + 1 : 1;
    lastSign = sign;
    if (sign > 0) longestWinStreak = Math.max(longestWinStreak, length);
    if (sign < 0) longestLossStreak = Math.max(longestLossStreak, length);
  }
  return { longestWinStreak, longestLossStreak };
}

/** From entry to exit in market time, null without trades. */
export function holdTimes(trades: readonly Trade[]): {
  averageHoldMs: number | null;
  medianHoldMs: number | null;
  longestHoldMs: number | null;
} {
  if (trades.length === 0) {
    return { averageHoldMs: null, medianHoldMs: null, longestHoldMs: null };
  }
  const times = sorted(trades.map(({ entryAt, exitAt }) => exitAt - entryAt));
  return {
    averageHoldMs: Math.round(meanOf([...times])),
    medianHoldMs: Math.round(quantileOf(times, 0.5)),
    longestHoldMs: times.at(-1)!,
  };
}

/** Notional of all entries and exits over the initial capital. Null without capital. */
export function turnoverOf(
  trades: readonly Trade[],
  initialCapital: DecimalText,
): number | null {
  const capital = decimal(initialCapital);
  if (!capital.gt(ZERO)) return null;
  const traded = trades.reduce(
    (sum, { quantity, entryPrice, exitPrice }) =>
      sum.plus(decimal(quantity).times(decimal(entryPrice).plus(exitPrice))),
    ZERO,
  );
  return Number(traded.div(capital));
}

interface Sums {
  /** Sum of the wins. */
  won: Decimal;
  /** Sum of the losses, as a positive amount. */
  lost: Decimal;
  wins: number;
  losses: number;
  largestWin: Decimal;
  largestLoss: Decimal;
}

function sumsOf(results: readonly DecimalText[]): Sums {
  const sums: Sums = {
    won: ZERO,
    lost: ZERO,
    wins: 0,
    losses: 0,
    largestWin: ZERO,
    largestLoss: ZERO,
  };
  for (const result of results) {
    const value = decimal(result);
    if (value.gt(ZERO)) {
      sums.won = sums.won.plus(value);
      sums.wins++;
      if (value.gt(sums.largestWin)) sums.largestWin = value;
    } else if (value.lt(ZERO)) {
      sums.lost = sums.lost.minus(value);
      sums.losses++;
      if (value.lt(sums.largestLoss)) sums.largestLoss = value;
    }
  }
  return sums;
}

function meanMoney(sum: Decimal, count: number): DecimalText | null {
  return count === 0
    ? null
    : toDecimalText(roundTo(sum.div(count), MONEY_PLACES));
}
