/**
 * Input and output of the reference indicators: whole histories in typed
 * columns. They are batch code for charts and comparison; some cells look
 * ahead (docs/smc.md), so nothing that trades may read them.
 *
 * @module
 */

/** Candles in columns of equal length, in ascending order of open time (ms, UTC). */
export interface CandleColumns {
  openAt: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  /** 0 where the volume is not known. */
  volume: Float64Array;
}

/** How the reference package stores a column, which decides how its numbers are written. */
export type ColumnFormat = "integer" | "float32" | "float64";

/** One column of a result: a value per candle, NaN where the cell is empty. */
export interface ReferenceColumn {
  name: string;
  format: ColumnFormat;
  values: Float64Array;
}

/** A column of `length` empty cells. */
export function emptyColumn(length: number): Float64Array {
  return new Float64Array(length).fill(NaN);
}
