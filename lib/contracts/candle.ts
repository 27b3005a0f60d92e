import type { EpochMs } from "./primitives.ts";

/**
 * One closed candle. Prices are the feed's numbers (exact as parsed); money
 * computed from them is decimal. `seq` counts the candles of one stream from 0
 * without holes, whatever the gaps in time.
 */
export interface Candle {
  seq: number;
  /** Open time of the candle. */
  openAt: EpochMs;
  open: number;
  high: number;
  low: number;
  close: number;
  /** In units of the base currency unless the source says otherwise. */
  volume: number;
  /** The second market's candle of the same open time; left out where there is none. */
  hedge?: HedgeCandle;
}

/** Prices of a second market within the same candle. */
export interface HedgeCandle {
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** The columns of a candle in a packed batch, in order. */
export const CANDLE_COLUMNS = [
  "openAt",
  "open",
  "high",
  "low",
  "close",
  "volume",
] as const;

/** How many numbers one packed candle takes. */
export const CANDLE_WIDTH = CANDLE_COLUMNS.length;

/** The columns of a second market's candle beside a packed one: the open time is the same. */
export const HEDGE_COLUMNS = [
  "open",
  "high",
  "low",
  "close",
  "volume",
] as const;

/** How many numbers the second market's candle takes. */
export const HEDGE_WIDTH = HEDGE_COLUMNS.length;

/** Timeframes of the product, shortest first. */
export const TIMEFRAMES = ["1m", "5m", "15m", "30m", "1h", "4h", "1d"] as const;

/** A candle length such as `15m`. */
export type Timeframe = (typeof TIMEFRAMES)[number];

/** Length of each timeframe in milliseconds. */
export const TIMEFRAME_MS: Readonly<Record<Timeframe, number>> = {
  "1m": 60_000,
  "5m": 300_000,
  "15m": 900_000,
  "30m": 1_800_000,
  "1h": 3_600_000,
  "4h": 14_400_000,
  "1d": 86_400_000,
};

/** The timeframe whose candles are `stepMs` apart, or null if the product has none. */
export function timeframeOf(stepMs: number): Timeframe | null {
  return TIMEFRAMES.find((timeframe) => TIMEFRAME_MS[timeframe] === stepMs) ??
    null;
}

/** Reads candle `index` of a packed batch whose first candle has sequence number `fromSeq`. */
export function unpackCandle(
  packed: Float64Array,
  index: number,
  fromSeq: number,
): Candle {
  const at = index * CANDLE_WIDTH;
  return {
    seq: fromSeq + index,
    openAt: packed[at]!,
    open: packed[at + 1]!,
    high: packed[at + 2]!,
    low: packed[at + 3]!,
    close: packed[at + 4]!,
    volume: packed[at + 5]!,
  };
}

/** Reads the second market's candle `index` of a packed batch. */
export function unpackHedge(packed: Float64Array, index: number): HedgeCandle {
  const at = index * HEDGE_WIDTH;
  return {
    open: packed[at]!,
    high: packed[at + 1]!,
    low: packed[at + 2]!,
    close: packed[at + 3]!,
    volume: packed[at + 4]!,
  };
}

/** Names of candle files: no path, no hidden file. */
export const CANDLE_FILE_NAME =
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.(csv|csv\.gz|candles)$/;
