/**
 * How a series is brought from what it holds to what it is to hold with as
 * little drawing as can be: mostly one candle was added.
 *
 * @module
 */

/** More new items than these are given as a whole. */
const ADDED_MAX = 50;

/** How items are compared and drawn. */
export interface SeriesChange<T, Bar> {
  /** What it holds; left out where that is nothing, or in other colours. */
  known: readonly T[] | undefined;
  next: readonly T[];
  /** Chart time of an item, in seconds. */
  timeOf: (item: T) => number;
  isSame: (a: T, b: T) => boolean;
  toBar: (item: T) => Bar;
}

/** Brings a series up to date. */
export function putSeries<T, Bar>(
  series: { setData: (bars: Bar[]) => void; update: (bar: Bar) => void },
  { known, next, timeOf, isSame, toBar }: SeriesChange<T, Bar>,
): void {
  const from = changedFrom({ known, next, timeOf, isSame });
  if (from === null) series.setData(next.map(toBar));
  else for (const item of next.slice(from)) series.update(toBar(item));
}

/**
 * Index of the first item that is to be given anew, or null where all are: the
 * known ones are no beginning of the new ones, or too many were added.
 */
export function changedFrom<T>(
  { known, next, timeOf, isSame }: Omit<SeriesChange<T, unknown>, "toBar">,
): number | null {
  const last = (known?.length ?? 0) - 1;
  if (known === undefined || last < 0) return null;
  const added = next.length - known.length;
  if (added < 0 || added > ADDED_MAX) return null;
  // The last one may have got another value, but must be at the same time.
  if (timeOf(known[last]!) !== timeOf(next[last]!)) return null;
  for (let index = 0; index < last; index++) {
    if (!isSame(known[index]!, next[index]!)) return null;
  }
  return last;
}
