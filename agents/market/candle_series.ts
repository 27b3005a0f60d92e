import type { Candle } from "../../lib/contracts/candle.ts";
import { assert } from "../../lib/core/assert.ts";
import {
  PACKED_CANDLE_WIDTH,
  PACKED_HEDGE_WIDTH,
  type PackedCandles,
} from "./candle_batch.ts";
import { WilderAverage, type WilderAverageSnapshot } from "./wilder_average.ts";

/** Candles kept. A power of two, so that a mask finds a candle's place. */
export const SERIES_CAPACITY = 1024;

/** Mask that turns a sequence number into a place in the columns. */
export const SERIES_MASK = SERIES_CAPACITY - 1;

/** Period of the average true range everywhere in the agents (Wilder 1978). */
export const ATR_PERIOD = 14;

const SNAPSHOT_WIDTH = PACKED_CANDLE_WIDTH + 1;

/** State of a {@link CandleSeries}; structured-cloneable. */
export interface CandleSeriesSnapshot {
  firstSeq: number;
  lastSeq: number;
  atr: WilderAverageSnapshot;
  /** Kept candles, oldest first: openAt, open, high, low, close, volume, ATR. */
  columns: Float64Array;
  /** Closes of the second market in their places, 0 where unknown; left out without one. */
  hedgeClose?: Float64Array;
}

/**
 * The last {@link SERIES_CAPACITY} candles in typed columns, with the ATR at
 * each. Place of candle `seq` in every column: `seq & SERIES_MASK`.
 */
export class CandleSeries {
  readonly openAt = new Float64Array(SERIES_CAPACITY);
  readonly open = new Float64Array(SERIES_CAPACITY);
  readonly high = new Float64Array(SERIES_CAPACITY);
  readonly low = new Float64Array(SERIES_CAPACITY);
  readonly close = new Float64Array(SERIES_CAPACITY);
  readonly volume = new Float64Array(SERIES_CAPACITY);
  /** ATR(14) at the candle's close; 0 while it is not known. */
  readonly atr = new Float64Array(SERIES_CAPACITY);
  /** Close of the second market, 0 where unknown; null where none was ever seen. */
  hedgeClose: Float64Array | null = null;
  /** First candle ever appended, or −1. */
  firstSeq = -1;
  /** Newest candle, or −1. */
  lastSeq = -1;
  readonly #atr = new WilderAverage(ATR_PERIOD);

  /** Oldest candle that is still kept; −1 while the series is empty. */
  get oldestSeq(): number {
    return Math.max(this.firstSeq, this.lastSeq - SERIES_CAPACITY + 1);
  }

  /**
   * Appends candle `index` of a batch.
   *
   * True range = max(high, previous close) − min(low, previous close); the
   * first candle has high − low.
   *
   * @throws {DefectError} If the candle does not follow the last one or is not a candle: corrupt data is worse than none.
   */
  append(batch: PackedCandles, index: number): void {
    const seq = batch.fromSeq + index;
    const packed = batch.packed;
    const from = index * PACKED_CANDLE_WIDTH;
    const open = packed[from + 1]!;
    const high = packed[from + 2]!;
    const low = packed[from + 3]!;
    const close = packed[from + 4]!;
    const volume = packed[from + 5]!;
    // A sum that is not finite has a term that is not; a comparison with NaN is false.
    const isCandle = Number.isFinite(packed[from]! + open + volume) &&
      Number.isFinite(high) && low > 0 && low <= open && low <= close &&
      open <= high && close <= high;
    if (!isCandle) {
      assert(
        false,
        `Candle ${seq} is corrupt: open ${open}, high ${high}, low ${low}, close ${close}, volume ${volume}`,
      );
    }
    let trueRange = high - low;
    if (this.lastSeq < 0) {
      this.firstSeq = seq;
    } else {
      if (seq !== this.lastSeq + 1) {
        assert(false, `Candle ${seq} does not follow candle ${this.lastSeq}`);
      }
      const previousClose = this.close[this.lastSeq & SERIES_MASK]!;
      trueRange = Math.max(high, previousClose) - Math.min(low, previousClose);
    }
    this.#atr.update(trueRange);
    this.lastSeq = seq;
    const at = seq & SERIES_MASK;
    this.openAt[at] = packed[from]!;
    this.open[at] = open;
    this.high[at] = high;
    this.low[at] = low;
    this.close[at] = close;
    this.volume[at] = volume;
    this.atr[at] = this.#atr.value;
    if (batch.hedge !== undefined || this.hedgeClose !== null) {
      this.#appendHedge(batch, index);
    }
  }

  #appendHedge({ fromSeq, hedge }: PackedCandles, index: number): void {
    this.hedgeClose ??= new Float64Array(SERIES_CAPACITY);
    const close = hedge?.[index * PACKED_HEDGE_WIDTH + 3] ?? 0;
    const seq = fromSeq + index;
    assert(
      Number.isFinite(close) && close >= 0,
      `Candle ${seq} of the second market is corrupt: close ${close}`,
    );
    this.hedgeClose[seq & SERIES_MASK] = close;
  }

  /** Close of the newest candle. */
  get newestClose(): number {
    return this.close[this.lastSeq & SERIES_MASK]!;
  }

  /** ATR at the newest candle; 0 while it is not known. */
  get newestAtr(): number {
    return this.atr[this.lastSeq & SERIES_MASK]!;
  }

  /** Open time of the newest candle. */
  get newestAt(): number {
    return this.openAt[this.lastSeq & SERIES_MASK]!;
  }

  /** The candle as an object, or null where it is not kept. */
  candle(seq: number): Candle | null {
    if (seq < 0 || seq < this.oldestSeq || seq > this.lastSeq) return null;
    const at = seq & SERIES_MASK;
    return {
      seq,
      openAt: this.openAt[at]!,
      open: this.open[at]!,
      high: this.high[at]!,
      low: this.low[at]!,
      close: this.close[at]!,
      volume: this.volume[at]!,
    };
  }

  /** Up to `limit` newest candles after `afterSeq`, oldest first. */
  candlesAfter(afterSeq: number, limit: number): Candle[] {
    const from = Math.max(
      afterSeq + 1,
      this.oldestSeq,
      this.lastSeq - limit + 1,
    );
    const candles: Candle[] = [];
    for (let seq = from; seq <= this.lastSeq; seq++) {
      const candle = this.candle(seq);
      if (candle !== null) candles.push(candle);
    }
    return candles;
  }

  /** Up to `limit` newest candles before `beforeSeq`, oldest first, as far back as they are kept. */
  candlesBefore(beforeSeq: number, limit: number): Candle[] {
    const last = Math.min(beforeSeq - 1, this.lastSeq);
    const candles: Candle[] = [];
    for (
      let seq = Math.max(this.oldestSeq, last - limit + 1);
      seq <= last;
      seq++
    ) {
      const candle = this.candle(seq);
      if (candle !== null) candles.push(candle);
    }
    return candles;
  }

  snapshot(): CandleSeriesSnapshot {
    const count = this.lastSeq < 0 ? 0 : this.lastSeq - this.oldestSeq + 1;
    const columns = new Float64Array(count * SNAPSHOT_WIDTH);
    for (let index = 0; index < count; index++) {
      const at = (this.oldestSeq + index) & SERIES_MASK;
      const to = index * SNAPSHOT_WIDTH;
      columns[to] = this.openAt[at]!;
      columns[to + 1] = this.open[at]!;
      columns[to + 2] = this.high[at]!;
      columns[to + 3] = this.low[at]!;
      columns[to + 4] = this.close[at]!;
      columns[to + 5] = this.volume[at]!;
      columns[to + 6] = this.atr[at]!;
    }
    return {
      firstSeq: this.firstSeq,
      lastSeq: this.lastSeq,
      atr: this.#atr.snapshot(),
      columns,
      ...(this.hedgeClose === null
        ? {}
        : { hedgeClose: this.hedgeClose.slice() }),
    };
  }

  restore(snapshot: CandleSeriesSnapshot): void {
    this.firstSeq = snapshot.firstSeq;
    this.lastSeq = snapshot.lastSeq;
    this.#atr.restore(snapshot.atr);
    this.hedgeClose = snapshot.hedgeClose?.slice() ?? null;
    const columns = snapshot.columns;
    const count = columns.length / SNAPSHOT_WIDTH;
    for (let index = 0; index < count; index++) {
      const at = (snapshot.lastSeq - count + 1 + index) & SERIES_MASK;
      const from = index * SNAPSHOT_WIDTH;
      this.openAt[at] = columns[from]!;
      this.open[at] = columns[from + 1]!;
      this.high[at] = columns[from + 2]!;
      this.low[at] = columns[from + 3]!;
      this.close[at] = columns[from + 4]!;
      this.volume[at] = columns[from + 5]!;
      this.atr[at] = columns[from + 6]!;
    }
  }
}
