import { type CandleColumns, emptyColumn } from "./columns.ts";
import { createCalendar, type Period } from "./period.ts";

/** Result of {@link previousHighLow}. */
export interface PreviousHighLowColumns {
  /** 32-bit. */
  PreviousHigh: Float64Array;
  /** 32-bit. */
  PreviousLow: Float64Array;
  /** 1 once a high went above PreviousHigh, while the same period is shown. */
  BrokenHigh: Float64Array;
  BrokenLow: Float64Array;
}

/** Settings of {@link previousHighLow}. */
export interface PreviousHighLowOptions {
  period: Period;
}

interface Extremes {
  high: number;
  low: number;
}

/**
 * High and low of an earlier period; periods without a candle do not count.
 *
 * A candle sees the period before the last one whose label lies before it.
 * Labels are starts of fixed periods, so that is the previous one, except on the
 * period's very first instant: there it is the one before that. Weeks and months
 * are labelled by their last day, so theirs is two back, except on that day
 * after 00:00.
 *
 * Looks ahead: nowhere.
 */
export function previousHighLow(
  { openAt, high, low }: CandleColumns,
  { period }: PreviousHighLowOptions,
): PreviousHighLowColumns {
  const length = openAt.length;
  const columns = {
    PreviousHigh: emptyColumn(length),
    PreviousLow: emptyColumn(length),
    BrokenHigh: new Float64Array(length),
    BrokenLow: new Float64Array(length),
  };
  const periodOf = createCalendar(period, openAt[0] ?? 0);
  let label = -Infinity;
  let endAt = -Infinity;
  let current: Extremes | null = null;
  let previous: Extremes | null = null;
  let beforePrevious: Extremes | null = null;
  let lastShown: Extremes | null = null;
  let isHighBroken = false;
  let isLowBroken = false;
  for (let row = 0; row < length; row++) {
    const at = openAt[row]!;
    if (at >= endAt) {
      ({ label, endAt } = periodOf(at));
      beforePrevious = previous;
      previous = current;
      current = { high: -Infinity, low: Infinity };
    }
    current!.high = Math.max(current!.high, high[row]!);
    current!.low = Math.min(current!.low, low[row]!);
    const shown: Extremes | null = label < at ? previous : beforePrevious;
    if (shown === null) continue;
    if (shown !== lastShown) {
      lastShown = shown;
      isHighBroken = false;
      isLowBroken = false;
    }
    const shownHigh = Math.fround(shown.high);
    const shownLow = Math.fround(shown.low);
    isHighBroken ||= high[row]! > shownHigh;
    isLowBroken ||= low[row]! < shownLow;
    columns.PreviousHigh[row] = shownHigh;
    columns.PreviousLow[row] = shownLow;
    columns.BrokenHigh[row] = isHighBroken ? 1 : 0;
    columns.BrokenLow[row] = isLowBroken ? 1 : 0;
  }
  return columns;
}
