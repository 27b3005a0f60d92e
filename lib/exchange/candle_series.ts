import { DefectError } from "../core/assert.ts";
import {
  type Candle,
  CANDLE_COLUMNS,
  CANDLE_WIDTH,
  unpackCandle,
} from "../contracts/candle.ts";
import { GapCounter, type GapReport } from "./gap_counter.ts";
import { CANDLE_CHUNK_ROWS } from "./limits.ts";

/** Name of one column of a candle. */
export type CandleColumn = typeof CANDLE_COLUMNS[number];

/**
 * A read-only run of candles numbered from 0. Rows are packed by
 * CANDLE_COLUMNS in fixed chunks, so that filling it never copies what is
 * there, and so that a batch for a link is one copy.
 */
export class CandleSeries {
  readonly #chunks: readonly Float64Array<ArrayBuffer>[];
  readonly length: number;
  readonly gapReport: GapReport;
  /** The second market, candle by candle with the same open times; null for none. */
  readonly hedge: CandleSeries | null;

  /** Use {@link CandleSeriesBuilder} or {@link seriesFromCandles}. */
  constructor(
    chunks: readonly Float64Array<ArrayBuffer>[],
    gapReport: GapReport,
    { hedge = null }: { hedge?: CandleSeries | null } = {},
  ) {
    this.#chunks = chunks;
    this.length = gapReport.rows;
    this.gapReport = gapReport;
    this.hedge = hedge;
  }

  /** The same candles with those of a second market beside them; see `joinSeries`. */
  withHedge(hedge: CandleSeries): CandleSeries {
    if (hedge.length !== this.length) {
      throw new DefectError(
        `A second market needs ${this.length} candles, was ${hedge.length}`,
      );
    }
    return new CandleSeries(this.#chunks, this.gapReport, { hedge });
  }

  /** Open time of candle `seq`. */
  openAt(seq: number): number {
    this.#assertHeld(seq, 1);
    return this.#chunks[Math.floor(seq / CANDLE_CHUNK_ROWS)]![
      (seq % CANDLE_CHUNK_ROWS) * CANDLE_WIDTH
    ]!;
  }

  /** Candle `seq` as an object. */
  candle(seq: number): Candle {
    this.#assertHeld(seq, 1);
    const row = seq % CANDLE_CHUNK_ROWS;
    const chunk = this.#chunks[Math.floor(seq / CANDLE_CHUNK_ROWS)]!;
    return unpackCandle(chunk, row, seq - row);
  }

  /** Copies `count` candles from `fromSeq` on into a fresh packed array, whose buffer may be transferred. */
  packed(fromSeq: number, count: number): Float64Array<ArrayBuffer> {
    this.#assertHeld(fromSeq, count);
    const target = new Float64Array(count * CANDLE_WIDTH);
    let copied = 0;
    while (copied < count) {
      const seq = fromSeq + copied;
      const row = seq % CANDLE_CHUNK_ROWS;
      const rows = Math.min(CANDLE_CHUNK_ROWS - row, count - copied);
      const chunk = this.#chunks[Math.floor(seq / CANDLE_CHUNK_ROWS)]!;
      target.set(
        chunk.subarray(row * CANDLE_WIDTH, (row + rows) * CANDLE_WIDTH),
        copied * CANDLE_WIDTH,
      );
      copied += rows;
    }
    return target;
  }

  /** Copies one column into its own array. */
  column(name: CandleColumn): Float64Array<ArrayBuffer> {
    const offset = CANDLE_COLUMNS.indexOf(name);
    const target = new Float64Array(this.length);
    for (let seq = 0; seq < this.length; seq++) {
      const chunk = this.#chunks[Math.floor(seq / CANDLE_CHUNK_ROWS)]!;
      target[seq] = chunk[(seq % CANDLE_CHUNK_ROWS) * CANDLE_WIDTH + offset]!;
    }
    return target;
  }

  /** All candles in order, as objects made one at a time. */
  *[Symbol.iterator](): Generator<Candle> {
    for (let seq = 0; seq < this.length; seq++) yield this.candle(seq);
  }

  #assertHeld(fromSeq: number, count: number): void {
    const isHeld = Number.isInteger(fromSeq) && fromSeq >= 0 && count >= 0 &&
      fromSeq + count <= this.length;
    if (isHeld) return;
    // No assert(): its sentence would be made for every candle read.
    throw new DefectError(
      `Candles ${fromSeq} to ${
        fromSeq + count - 1
      } are not in a series of ${this.length}`,
    );
  }
}

/** Fills a {@link CandleSeries} row by row and counts its gaps on the way. */
export class CandleSeriesBuilder {
  readonly #chunks: Float64Array<ArrayBuffer>[] = [];
  readonly #gaps = new GapCounter();
  #rows = 0;

  /** Rows so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Adds one row of CANDLE_WIDTH numbers. The caller has checked them. */
  push(row: Float64Array): void {
    const at = this.#rows % CANDLE_CHUNK_ROWS;
    if (at === 0) {
      this.#chunks.push(new Float64Array(CANDLE_CHUNK_ROWS * CANDLE_WIDTH));
    }
    this.#chunks[this.#chunks.length - 1]!.set(row, at * CANDLE_WIDTH);
    this.#gaps.add(row[0]!);
    this.#rows++;
  }

  /** Adds rows packed by CANDLE_COLUMNS; a batch that fills a chunk is kept as it is, without a copy. */
  pushPacked(packed: Float64Array<ArrayBuffer>): void {
    const rows = packed.length / CANDLE_WIDTH;
    for (let at = 0; at < packed.length; at += CANDLE_WIDTH) {
      this.#gaps.add(packed[at]!);
    }
    if (rows === CANDLE_CHUNK_ROWS && this.#rows % CANDLE_CHUNK_ROWS === 0) {
      this.#chunks.push(packed);
      this.#rows += rows;
      return;
    }
    for (let row = 0; row < rows;) {
      const at = this.#rows % CANDLE_CHUNK_ROWS;
      if (at === 0) {
        this.#chunks.push(new Float64Array(CANDLE_CHUNK_ROWS * CANDLE_WIDTH));
      }
      const fitting = Math.min(CANDLE_CHUNK_ROWS - at, rows - row);
      this.#chunks[this.#chunks.length - 1]!.set(
        packed.subarray(row * CANDLE_WIDTH, (row + fitting) * CANDLE_WIDTH),
        at * CANDLE_WIDTH,
      );
      row += fitting;
      this.#rows += fitting;
    }
  }

  /** The series of all rows so far. The builder is not used afterwards. */
  finish(): CandleSeries {
    const last = this.#chunks.length - 1;
    const rowsOfLast = this.#rows - last * CANDLE_CHUNK_ROWS;
    if (last >= 0 && rowsOfLast < CANDLE_CHUNK_ROWS) {
      // A short file must not keep a whole chunk in memory.
      this.#chunks[last] = this.#chunks[last]!.slice(
        0,
        rowsOfLast * CANDLE_WIDTH,
      );
    }
    return new CandleSeries(this.#chunks, this.#gaps.report());
  }
}

/** Makes a series of candle objects, whose `seq` is not read: the first one becomes 0. */
export function seriesFromCandles(
  candles: Iterable<Omit<Candle, "seq">>,
): CandleSeries {
  const builder = new CandleSeriesBuilder();
  const row = new Float64Array(CANDLE_WIDTH);
  for (const candle of candles) {
    CANDLE_COLUMNS.forEach((name, index) => row[index] = candle[name]);
    builder.push(row);
  }
  return builder.finish();
}
