/**
 * Equity over time: its highest value, its drawdown and the loss of the UTC day.
 * Pure: each observation makes the next track; a track is plain data.
 *
 * @module
 */
import type { EpochMs } from "../../../lib/contracts/primitives.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  maxDecimal,
  toDecimalText,
  ZERO,
} from "../../../lib/core/decimal.ts";
import { dayNumber } from "../../market/civil_time.ts";
import { drawdownPct } from "../limits.ts";

/** What is known of an equity so far. Amounts in quote currency. */
export interface EquityTrack {
  /** Equity now; null where unknown. */
  equity: DecimalText | null;
  /** Last known equity. */
  lastKnown: DecimalText;
  /** Highest so far, the starting equity included. */
  peak: DecimalText;
  /** Deepest fall below a peak so far, in percent. */
  maxDrawdownPct: number;
  /** UTC day of the newest observation, in days since 1970; null before the first. */
  day: number | null;
  /** Equity at 00:00 UTC of that day: the last known one before. */
  dayStart: DecimalText;
}

/** Begins a track with the starting equity, the first peak. */
export function startEquityTrack(starting: DecimalText): EquityTrack {
  return {
    equity: starting,
    lastKnown: starting,
    peak: starting,
    maxDrawdownPct: 0,
    day: null,
    dayStart: starting,
  };
}

/**
 * The track after an observation. `equity` holds unrealised results, fees and
 * funding; null where it is unknown. An observation of an earlier day (a clock
 * that was set back) belongs to the day that has begun.
 */
export function followEquity(
  track: EquityTrack,
  { at, equity }: { at: EpochMs; equity: DecimalText | null },
): EquityTrack {
  const today = dayNumber(at);
  const isNewDay = track.day === null || today > track.day;
  const day = isNewDay ? today : track.day;
  const dayStart = isNewDay ? track.lastKnown : track.dayStart;
  if (equity === null) return { ...track, equity, day, dayStart };
  const peak = maxDecimal(decimal(track.peak), decimal(equity));
  const fall = drawdownPct(decimal(equity), peak);
  return {
    equity,
    lastKnown: equity,
    peak: toDecimalText(peak),
    maxDrawdownPct: Math.max(track.maxDrawdownPct, fall),
    day,
    dayStart,
  };
}

/** Drawdown and loss of the day as they are told. */
export interface EquityFigures {
  equity: DecimalText | null;
  peak: DecimalText;
  /** Now, 0 at the peak; null where the equity is unknown or the peak not positive. */
  drawdownPct: number | null;
  maxDrawdownPct: number;
  dayStart: DecimalText;
  /** Equity at 00:00 UTC less equity now: negative is a gain. */
  dailyLoss: DecimalText | null;
  /** The same in percent of the equity at 00:00 UTC; null where that is not positive. */
  dailyLossPct: number | null;
}

/** Figures of a track. */
export function equityFigures(track: EquityTrack): EquityFigures {
  const equity = track.equity === null ? null : decimal(track.equity);
  const dayStart = decimal(track.dayStart);
  const peak = decimal(track.peak);
  const loss = equity === null ? null : dayStart.minus(equity);
  return {
    equity: track.equity,
    peak: track.peak,
    drawdownPct: equity === null || peak.lte(ZERO)
      ? null
      : drawdownPct(equity, peak),
    maxDrawdownPct: track.maxDrawdownPct,
    dayStart: track.dayStart,
    dailyLoss: loss === null ? null : toDecimalText(loss),
    dailyLossPct: loss === null ? null : percentOf(loss, dayStart),
  };
}

function percentOf(part: Decimal, whole: Decimal): number | null {
  return whole.gt(ZERO) ? 100 * Number(part) / Number(whole) : null;
}
