/**
 * Two markets in one stream: the candles of both that open at the same time.
 *
 * @module
 */
import { CANDLE_WIDTH, HEDGE_WIDTH } from "../contracts/candle.ts";
import { AppError } from "../core/errors.ts";
import { type CandleSeries, CandleSeriesBuilder } from "./candle_series.ts";
import { CANDLE_CHUNK_ROWS } from "./limits.ts";
import { describeStep } from "./resample.ts";

/** A series with its second market, and what did not fit. */
export interface JoinedSeries {
  /** Candles of the first market, numbered anew from 0; its `hedge` are those of the second. */
  series: CandleSeries;
  /** Candles of the first market that the second one does not have. */
  leftOut: number;
  /** The other way round. */
  hedgeLeftOut: number;
}

/**
 * Inner join by open time: a candle that only one market has is left out and
 * counted. Nothing is filled in, because a made-up price would look like a
 * spread.
 *
 * @throws {AppError} CANDLES_DO_NOT_MEET if no candle is in both.
 */
export function joinByTime(
  main: CandleSeries,
  hedge: CandleSeries,
): JoinedSeries {
  const mainRows = new RowReader(main);
  const hedgeRows = new RowReader(hedge);
  const mainBuilder = new CandleSeriesBuilder();
  const hedgeBuilder = new CandleSeriesBuilder();
  while (!mainRows.isDone && !hedgeRows.isDone) {
    const { openAt } = mainRows;
    if (openAt < hedgeRows.openAt) mainRows.advance();
    else if (openAt > hedgeRows.openAt) hedgeRows.advance();
    else {
      mainBuilder.push(mainRows.row);
      hedgeBuilder.push(hedgeRows.row);
      mainRows.advance();
      hedgeRows.advance();
    }
  }
  const { rows } = mainBuilder;
  if (rows === 0) {
    throw new AppError(
      "CANDLES_DO_NOT_MEET",
      "The candles of the two markets have no open time in common; name files of the same time and candle length",
      { status: 422 },
    );
  }
  return {
    series: mainBuilder.finish().withHedge(hedgeBuilder.finish()),
    leftOut: main.length - rows,
    hedgeLeftOut: hedge.length - rows,
  };
}

/**
 * As {@link joinByTime}, for files as they are: both must have candles of one
 * length, or an hour of one market would stand beside five minutes of the other.
 *
 * @throws {AppError} CANDLES_DO_NOT_MEET if the lengths differ or no candle is in both.
 */
export function joinSeries(
  main: CandleSeries,
  hedge: CandleSeries,
): JoinedSeries {
  const steps = [main.gapReport.stepMs, hedge.gapReport.stepMs] as const;
  const [mainMs, hedgeMs] = steps;
  if (mainMs !== null && hedgeMs !== null && mainMs !== hedgeMs) {
    throw new AppError(
      "CANDLES_DO_NOT_MEET",
      `The candles of the first market are ${
        describeStep(mainMs)
      }, those of the second ${
        describeStep(hedgeMs)
      }; name files of one candle length`,
      { status: 422 },
    );
  }
  return joinByTime(main, hedge);
}

/** Makes rows of HEDGE_COLUMNS of packed candles: the open time is left out. */
export function toHedgeRows(
  packed: Float64Array,
): Float64Array<ArrayBuffer> {
  const count = packed.length / CANDLE_WIDTH;
  const rows = new Float64Array(count * HEDGE_WIDTH);
  for (let index = 0; index < count; index++) {
    const from = index * CANDLE_WIDTH + 1;
    rows.set(packed.subarray(from, from + HEDGE_WIDTH), index * HEDGE_WIDTH);
  }
  return rows;
}

/** Reads a series row by row, a chunk at a time. */
class RowReader {
  readonly #series: CandleSeries;
  #seq = 0;
  #chunkSeq = 0;
  #chunk = new Float64Array(0);

  constructor(series: CandleSeries) {
    this.#series = series;
    this.#load();
  }

  get isDone(): boolean {
    return this.#seq >= this.#series.length;
  }

  get openAt(): number {
    return this.#chunk[(this.#seq - this.#chunkSeq) * CANDLE_WIDTH]!;
  }

  get row(): Float64Array {
    const at = (this.#seq - this.#chunkSeq) * CANDLE_WIDTH;
    return this.#chunk.subarray(at, at + CANDLE_WIDTH);
  }

  advance(): void {
    this.#seq++;
    if ((this.#seq - this.#chunkSeq) * CANDLE_WIDTH === this.#chunk.length) {
      this.#load();
    }
  }

  #load(): void {
    const { length } = this.#series;
    this.#chunkSeq = this.#seq;
    this.#chunk = this.#series.packed(
      this.#seq,
      Math.min(CANDLE_CHUNK_ROWS, length - this.#seq),
    );
  }
}
