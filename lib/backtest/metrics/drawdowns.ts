/**
 * Falls of the equity below its highest so far. The initial capital is the
 * first peak. Depths are positive parts of one.
 *
 * @module
 */
import type { ReportDrawdown } from "../../contracts/backtest_report.ts";
import { DAY_MS, type DayEquity } from "./returns.ts";
import { meanOf } from "../../core/statistics/sample.ts";

/** One fall, in days since 1970. */
export interface Drawdown {
  /** Deepest point below the peak, 0 to 1 (more where the equity is below zero). */
  depth: number;
  /** Day at whose end the peak stood; the day before the first where it is the initial capital. */
  peakDay: number;
  troughDay: number;
  /** First day back at the peak; null if the run ended before. */
  recoveryDay: number | null;
  /** From the peak to the recovery, or to the end of the run. */
  days: number;
}

/** All falls in order of time. */
export function listDrawdowns(
  days: readonly DayEquity[],
  initialCapital: number,
): readonly Drawdown[] {
  const found: Drawdown[] = [];
  let peak = initialCapital;
  let peakDay = (days[0]?.day ?? 0) - 1;
  let open: Drawdown | null = null;
  for (const { day, equity } of days) {
    if (equity >= peak) {
      if (open !== null) {
        found.push({ ...open, recoveryDay: day, days: day - open.peakDay });
      }
      open = null;
      peak = equity;
      peakDay = day;
      continue;
    }
    const depth = 1 - equity / peak;
    if (open === null || depth > open.depth) {
      open = { depth, peakDay, troughDay: day, recoveryDay: null, days: 0 };
    }
  }
  const lastDay = days.at(-1)?.day;
  if (open !== null && lastDay !== undefined) {
    found.push({ ...open, days: lastDay - open.peakDay });
  }
  return found;
}

/** Length of the longest fall in days, or null without one. */
export function longestDrawdownDays(
  drawdowns: readonly Drawdown[],
): number | null {
  return drawdowns.reduce<number | null>(
    (longest, { days }) => Math.max(longest ?? 0, days),
    null,
  );
}

/** Mean depth of all falls, or null without one. */
export function averageDrawdown(drawdowns: readonly Drawdown[]): number | null {
  return drawdowns.length === 0
    ? null
    : meanOf(drawdowns.map(({ depth }) => depth));
}

/** The deepest falls for a report, deepest first, at most `count`. */
export function deepestDrawdowns(
  drawdowns: readonly Drawdown[],
  count: number,
): readonly ReportDrawdown[] {
  return drawdowns.toSorted((a, b) => b.depth - a.depth).slice(0, count).map(
    ({ depth, peakDay, troughDay, recoveryDay, days }) => ({
      depthPct: 100 * depth,
      peakAt: peakDay * DAY_MS,
      troughAt: troughDay * DAY_MS,
      recoveredAt: recoveryDay === null ? null : recoveryDay * DAY_MS,
      days,
    }),
  );
}
