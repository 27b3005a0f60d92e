/**
 * What a chart draws for a timeframe: an agent's own candles, or longer ones
 * made of them. An agent knows closed candles only; of a longer candle it may
 * know a part, and that is told.
 *
 * @module
 */
import type { EquityPoint } from "../../contracts/account.ts";
import {
  type Candle,
  type Timeframe,
  TIMEFRAME_MS,
  TIMEFRAMES,
} from "../../contracts/candle.ts";

/** A candle as it is drawn. */
export interface ShownCandle
  extends Pick<Candle, "openAt" | "open" | "high" | "low" | "close"> {
  /** In the units of the candles that it is made of. */
  volume: number;
  /** Whether candles that belong to it are still to come. */
  isRunning: boolean;
}

/** What is drawn, beside what it is made of. */
export interface ChartFrame {
  timeframe: Timeframe;
  /** The agent's own candles, oldest first, without holes in their numbers. */
  base: readonly Candle[];
  /** Oldest first. The same as `base` in the agent's own timeframe. */
  candles: readonly ShownCandle[];
}

/** The timeframes that candles of one can be shown in: their own and every longer one. */
export function timeframesFrom(own: Timeframe): readonly Timeframe[] {
  return TIMEFRAMES.filter((each) =>
    TIMEFRAME_MS[each] % TIMEFRAME_MS[own] === 0
  );
}

/** Candles of one timeframe as candles of the same or a longer one. */
export function toFrame(
  base: readonly Candle[],
  { own, timeframe }: { own: Timeframe; timeframe: Timeframe },
): ChartFrame {
  const candles = own === timeframe
    ? base.map(({ openAt, open, high, low, close, volume }) => ({
      openAt,
      open,
      high,
      low,
      close,
      volume,
      isRunning: false,
    }))
    : aggregate(base, {
      fromMs: TIMEFRAME_MS[own],
      toMs: TIMEFRAME_MS[timeframe],
    });
  return { timeframe, base, candles };
}

/**
 * Joins candles to longer ones that begin at whole multiples of their length in
 * UTC: open of the first, highest high, lowest low, close of the last, sum of
 * the volumes. One whose beginning is not among the given candles is left out,
 * since nobody can tell its open or its volume. The last is running until the
 * candle that ends it is there. Candles that the market never had are no holes.
 *
 * @param options.fromMs Length of the given candles.
 * @param options.toMs Length of the longer ones, a multiple of it.
 */
export function aggregate(
  candles: readonly Candle[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): ShownCandle[] {
  const longer: ShownCandle[] = [];
  const first = candles[0];
  if (first === undefined) return longer;
  const wholeFrom = Math.ceil(first.openAt / toMs) * toMs;
  for (const { openAt, open, high, low, close, volume } of candles) {
    if (openAt < wholeFrom) continue;
    const at = Math.floor(openAt / toMs) * toMs;
    const isRunning = openAt + fromMs < at + toMs;
    const last = longer.at(-1);
    if (last === undefined || last.openAt !== at) {
      if (last !== undefined) last.isRunning = false;
      longer.push({ openAt: at, open, high, low, close, volume, isRunning });
      continue;
    }
    last.high = Math.max(last.high, high);
    last.low = Math.min(last.low, low);
    last.close = close;
    last.volume += volume;
    last.isRunning = isRunning;
  }
  return longer;
}

/** Index of the last candle that opens at or before `at`; −1 before the first. */
export function indexAt(
  candles: readonly { openAt: number }[],
  at: number,
): number {
  return lastIndex(candles, ({ openAt }) => openAt <= at);
}

/** Index of the last item of which something is true that is true of all before it; −1 for none. */
function lastIndex<T>(
  items: readonly T[],
  isTrue: (item: T) => boolean,
): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The agent's own candle with a number, or null where it is not known. */
export function baseCandle(
  { base }: Pick<ChartFrame, "base">,
  seq: number,
): Candle | null {
  return base[seq - (base[0]?.seq ?? 0)] ?? null;
}

/** Index of the drawn candle that holds the agent's candle with a number; −1 for none. */
export function indexOfSeq(frame: ChartFrame, seq: number): number {
  const candle = baseCandle(frame, seq);
  return candle === null ? -1 : indexAt(frame.candles, candle.openAt);
}

/** A point of a line on the chart: chart time in seconds. */
export interface LinePoint {
  time: number;
  value: number;
}

/** The value of a line at a time in ms: its newest point until then; null before the first. */
export function valueAt(
  points: readonly LinePoint[],
  at: number,
): number | null {
  return points[lastIndex(points, ({ time }) => time * 1_000 <= at)]?.value ??
    null;
}

/** Equity and drawdown at the candles of a chart. */
export interface EquityCurves {
  equity: LinePoint[];
  /** Below the highest equity so far, in percent, never above 0; the deepest of a candle. */
  drawdown: LinePoint[];
}

/**
 * Lays the equity curve onto the candles. What happened before the first candle
 * still counts: its last value begins the line, its peak the drawdown.
 */
export function equityCurves(
  frame: ChartFrame,
  points: readonly EquityPoint[],
): EquityCurves {
  const curves: EquityCurves = { equity: [], drawdown: [] };
  const first = frame.candles[0];
  if (first === undefined) return curves;
  let peak = -Infinity;
  let isCarried = false;
  for (const { seq, equity } of points) {
    // The drawing needs a float; the figures beside the chart come from the text.
    const value = Number(equity);
    peak = Math.max(peak, value);
    const below = peak <= 0 ? 0 : (value - peak) / peak * 100;
    const isBefore = seq < (frame.base[0]?.seq ?? 0) ||
      (baseCandle(frame, seq)?.openAt ?? Infinity) < first.openAt;
    const candle = isBefore ? first : frame.candles[indexOfSeq(frame, seq)];
    if (candle === undefined) continue;
    const time = candle.openAt / 1_000;
    const last = curves.equity.at(-1);
    const lowest = curves.drawdown.at(-1);
    if (last === undefined || lowest === undefined || last.time !== time) {
      curves.equity.push({ time, value });
      curves.drawdown.push({ time, value: below });
    } else {
      last.value = value;
      lowest.value = isBefore || isCarried
        ? below
        : Math.min(lowest.value, below);
    }
    isCarried = isBefore;
  }
  return curves;
}
