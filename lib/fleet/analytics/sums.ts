import {
  TELLING_TRADES,
  type TradeFigures,
} from "../../contracts/analytics.ts";
import { fromUnits, R_PARTS, type TradeRow } from "./trade_row.ts";
import { wilsonInterval } from "./wilson.ts";

/** Sums over some trades: all that their figures need. Whole numbers. */
export interface Sums {
  trades: number;
  wins: number;
  netPnl: bigint;
  fees: bigint;
  /** Sum of the results above zero, and of those below as a positive number. */
  gains: bigint;
  losses: bigint;
  resultR: number;
  holdMs: number;
}

/** Sums over no trade. */
export function noSums(): Sums {
  return {
    trades: 0,
    wins: 0,
    netPnl: 0n,
    fees: 0n,
    gains: 0n,
    losses: 0n,
    resultR: 0,
    holdMs: 0,
  };
}

/** Adds a trade. */
export function addTrade(sums: Sums, row: TradeRow): void {
  const { netPnl } = row;
  sums.trades++;
  sums.netPnl += netPnl;
  sums.fees += row.fees;
  sums.resultR += row.resultR;
  sums.holdMs += row.exitAt - row.entryAt;
  if (netPnl > 0n) {
    sums.wins++;
    sums.gains += netPnl;
  } else sums.losses -= netPnl;
}

/** Adds other sums. */
export function addSums(sums: Sums, other: Sums): void {
  sums.trades += other.trades;
  sums.wins += other.wins;
  sums.netPnl += other.netPnl;
  sums.fees += other.fees;
  sums.gains += other.gains;
  sums.losses += other.losses;
  sums.resultR += other.resultR;
  sums.holdMs += other.holdMs;
}

/** The figures of sums. What no trade can tell is null. */
export function toFigures(sums: Sums): TradeFigures {
  const { trades, wins, losses } = sums;
  const interval = wilsonInterval(wins, trades);
  return {
    trades,
    wins,
    winRatePct: trades === 0 ? null : rounded(100 * wins / trades),
    winRateLowPct: interval === null ? null : rounded(100 * interval.low),
    winRateHighPct: interval === null ? null : rounded(100 * interval.high),
    netPnl: fromUnits(sums.netPnl),
    fees: fromUnits(sums.fees),
    profitFactor: losses === 0n ? null : ratioOf(sums.gains, losses),
    expectancyR: trades === 0 ? null : rounded(sums.resultR / trades / R_PARTS),
    averageHoldMs: trades === 0 ? null : Math.round(sums.holdMs / trades),
    isTooFew: trades < TELLING_TRADES,
  };
}

const RATIO_PARTS = 10_000n;

/** To four places, rounded down. */
function ratioOf(gains: bigint, losses: bigint): number {
  return Number(gains * RATIO_PARTS / losses) / Number(RATIO_PARTS);
}

function rounded(value: number): number {
  // Adding 0 makes a zero of negative zero.
  return Math.round(value * 10_000) / 10_000 + 0;
}
