/**
 * Candles of a longer timeframe from those of a shorter one. Periods begin at
 * multiples of their length since 1970 UTC, so a day begins at midnight UTC:
 * first open, highest high, lowest low, last close, sum of the volumes.
 *
 * @module
 */
import { assert } from "../core/assert.ts";
import {
  CANDLE_WIDTH,
  type Timeframe,
  TIMEFRAME_MS,
  timeframeOf,
  TIMEFRAMES,
} from "../contracts/candle.ts";
import { type CandleSeries, CandleSeriesBuilder } from "./candle_series.ts";
import { CANDLE_CHUNK_ROWS } from "./limits.ts";

/** What resampling has made. */
export interface Resampled {
  /** May be empty: a few minutes are no day. */
  series: CandleSeries;
  /** All periods that end by then are decided; null without candles. */
  coveredUntil: number | null;
  /** Candles at the end whose period was not over, so that it was left out. */
  unfinishedRows: number;
}

/**
 * Makes candles of `toMs` from a series. A period without candles is skipped,
 * so gaps stay gaps. The last period is left out while it is unfinished: while
 * its end is after `coveredUntil`, which is one step after the last candle if
 * left out. Handing on `coveredUntil` makes two steps the same as one.
 */
export function resampleSeries(
  series: CandleSeries,
  options: { toMs: number; coveredUntil?: number | null },
): Resampled {
  const { toMs } = options;
  assert(toMs > 0, "A period has a length");
  const coveredUntil = options.coveredUntil ?? endOf(series);
  if (series.length === 0 || coveredUntil === null) {
    const until = coveredUntil === null ? null : floorTo(coveredUntil, toMs);
    return { series, coveredUntil: until, unfinishedRows: 0 };
  }
  const builder = new CandleSeriesBuilder();
  const period = new Period(toMs);
  let rowsInPeriod = 0;
  for (let from = 0; from < series.length; from += CANDLE_CHUNK_ROWS) {
    const count = Math.min(CANDLE_CHUNK_ROWS, series.length - from);
    const packed = series.packed(from, count);
    for (let at = 0; at < packed.length; at += CANDLE_WIDTH) {
      if (packed[at]! < period.endAt) {
        period.add(packed, at);
        rowsInPeriod++;
        continue;
      }
      if (rowsInPeriod > 0) builder.push(period.finish());
      period.begin(packed, at);
      rowsInPeriod = 1;
    }
  }
  const isFinished = period.endAt <= coveredUntil;
  if (isFinished) builder.push(period.finish());
  return {
    series: builder.finish(),
    coveredUntil: floorTo(coveredUntil, toMs),
    unfinishedRows: isFinished ? 0 : rowsInPeriod,
  };
}

function endOf(series: CandleSeries): number | null {
  const { length } = series;
  return length === 0
    ? null
    : series.openAt(length - 1) + (series.gapReport.stepMs ?? 0);
}

function floorTo(at: number, stepMs: number): number {
  return Math.floor(at / stepMs) * stepMs;
}

/** One candle in the making. */
class Period {
  readonly #lengthMs: number;
  readonly #row = new Float64Array(CANDLE_WIDTH);
  /** The first candle that opens then or later is of another period. */
  endAt = -Infinity;

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  begin(packed: Float64Array, at: number): void {
    const openAt = floorTo(packed[at]!, this.#lengthMs);
    this.endAt = openAt + this.#lengthMs;
    const row = this.#row;
    for (let column = 1; column < CANDLE_WIDTH; column++) {
      row[column] = packed[at + column]!;
    }
    row[0] = openAt;
  }

  add(packed: Float64Array, at: number): void {
    const row = this.#row;
    if (packed[at + 2]! > row[2]!) row[2] = packed[at + 2]!;
    if (packed[at + 3]! < row[3]!) row[3] = packed[at + 3]!;
    row[4] = packed[at + 4]!;
    row[5]! += packed[at + 5]!;
  }

  finish(): Float64Array {
    this.#row[5] = withoutNoise(this.#row[5]!);
    return this.#row;
  }
}

/** Venues count volume in eight decimals at most. */
const VOLUME_UNITS = 1e8;

/**
 * A sum of decimals as the decimal that it is: 0.1 + 0.2 is 0.3. A sum that
 * differs from eight decimals by more than the noise of adding stays as it is.
 */
function withoutNoise(sum: number): number {
  const units = sum * VOLUME_UNITS;
  if (units > Number.MAX_SAFE_INTEGER) return sum;
  const rounded = Math.round(units) / VOLUME_UNITS;
  return Math.abs(rounded - sum) <= sum * 1e-12 ? rounded : sum;
}

/** A series that fits a timeframe, or why it cannot; the sentence begins with its verb ("are 1h candles, …"). */
export type Fit =
  | {
    ok: true;
    series: CandleSeries;
    isResampled: boolean;
    /** Candles at the end that were left out, because their period was not over. */
    unfinishedRows: number;
  }
  | { ok: false; problem: string };

/**
 * Candles of a timeframe from a series whose step is that timeframe, or divides
 * it without rest. A single candle has no step and is taken as it is.
 */
export function fitToTimeframe(
  series: CandleSeries,
  timeframe: Timeframe,
): Fit {
  const { stepMs } = series.gapReport;
  const toMs = TIMEFRAME_MS[timeframe];
  if (stepMs === null || stepMs === toMs) {
    return { ok: true, series, isResampled: false, unfinishedRows: 0 };
  }
  const step = describeStep(stepMs);
  if (toMs % stepMs !== 0) {
    const possible = TIMEFRAMES.filter((name) =>
      TIMEFRAME_MS[name] % stepMs === 0
    );
    const mend = possible.length === 0
      ? "choose another file"
      : `choose timeframe ${listOf(possible)}`;
    return {
      ok: false,
      problem:
        `are ${step} candles, which make no ${timeframe} candles; ${mend}`,
    };
  }
  const { series: resampled, unfinishedRows } = resampleSeries(series, {
    toMs,
  });
  if (resampled.length > 0) {
    return { ok: true, series: resampled, isResampled: true, unfinishedRows };
  }
  return {
    ok: false,
    problem:
      `are ${series.length} ${step} candles, which is not one whole ${timeframe} candle; choose a shorter timeframe`,
  };
}

/** A step in words: `15m`, `3 minutes`, `1500 ms`. */
export function describeStep(stepMs: number): string {
  const timeframe = timeframeOf(stepMs);
  if (timeframe !== null) return timeframe;
  if (stepMs % 86_400_000 === 0) return `${stepMs / 86_400_000} days`;
  return stepMs % 60_000 === 0 ? `${stepMs / 60_000} minutes` : `${stepMs} ms`;
}

function listOf(names: readonly string[]): string {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
