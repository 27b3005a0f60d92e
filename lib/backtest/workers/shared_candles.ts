import { CANDLE_WIDTH } from "../../contracts/candle.ts";
import { CandleSeries } from "../../exchange/candle_series.ts";
import type { GapReport } from "../../exchange/gap_counter.ts";
import { CANDLE_CHUNK_ROWS } from "../../exchange/limits.ts";

/** Candles in memory that all workers of a pool read: one copy, whatever the number of workers. */
export interface SharedCandles {
  /** All rows, packed by CANDLE_COLUMNS. */
  buffer: SharedArrayBuffer;
  gapReport: GapReport;
  /** The second market, where there is one. */
  hedge?: SharedCandles;
}

const ROW_BYTES = CANDLE_WIDTH * Float64Array.BYTES_PER_ELEMENT;

/** Copies a series into shared memory. */
export function shareCandles(series: CandleSeries): SharedCandles {
  const buffer = new SharedArrayBuffer(Math.max(1, series.length) * ROW_BYTES);
  const target = new Float64Array(buffer);
  for (let seq = 0; seq < series.length; seq += CANDLE_CHUNK_ROWS) {
    const count = Math.min(CANDLE_CHUNK_ROWS, series.length - seq);
    target.set(series.packed(seq, count), seq * CANDLE_WIDTH);
  }
  const { gapReport, hedge } = series;
  return hedge === null
    ? { buffer, gapReport }
    : { buffer, gapReport, hedge: shareCandles(hedge) };
}

/** A series over shared memory; nothing is copied. */
export function seriesOfShared(
  { buffer, gapReport, hedge }: SharedCandles,
): CandleSeries {
  const chunks: Float64Array<ArrayBuffer>[] = [];
  for (let row = 0; row < gapReport.rows; row += CANDLE_CHUNK_ROWS) {
    const count = Math.min(CANDLE_CHUNK_ROWS, gapReport.rows - row);
    const chunk = new Float64Array(
      buffer,
      row * ROW_BYTES,
      count * CANDLE_WIDTH,
    );
    // A series only reads its chunks, so it does not matter whose memory they are.
    chunks.push(chunk as unknown as Float64Array<ArrayBuffer>);
  }
  const series = new CandleSeries(chunks, gapReport);
  return hedge === undefined ? series : series.withHedge(seriesOfShared(hedge));
}
