/**
 * The closed candles of one live market: numbered by their time without holes,
 * never changed once they are there. A period in which nothing was traded is a
 * flat candle at the close before, without volume.
 *
 * @module
 */
import { assert } from "../../core/assert.ts";
import {
  type Candle,
  CANDLE_WIDTH,
  unpackCandle,
} from "../../contracts/candle.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { LIVE_CANDLES_MAX } from "./limits.ts";

/** What a board is made from. */
export interface CandleBoardOptions {
  stepMs: number;
  /** Open time of candle 0. */
  genesisAt: EpochMs;
}

/** Keeps the newest {@link LIVE_CANDLES_MAX} candles. */
export class CandleBoard {
  readonly stepMs: number;
  readonly #genesisAt: EpochMs;
  /** Rows of CANDLE_COLUMNS; the first one is of `#firstSeq`. */
  #rows: (readonly number[])[] = [];
  #firstSeq = 0;
  /** Price at which candles before the first one stand; fixed once it was shown to anybody. */
  #pastPrice: number | null = null;
  #filled = 0;

  constructor({ stepMs, genesisAt }: CandleBoardOptions) {
    this.stepMs = stepMs;
    this.#genesisAt = genesisAt;
  }

  get isEmpty(): boolean {
    return this.#rows.length === 0;
  }

  get firstSeq(): number {
    return this.#firstSeq;
  }

  /** Last closed candle; −1 before the first. */
  get headSeq(): number {
    return this.isEmpty ? -1 : this.#firstSeq + this.#rows.length - 1;
  }

  /** Open time of the candle after the last one. */
  get nextAt(): EpochMs {
    assert(!this.isEmpty, "An empty board has no next candle");
    return this.openAt(this.headSeq + 1);
  }

  /** Candles in which nothing was traded, or that the venue does not give. */
  get filled(): number {
    return this.#filled;
  }

  openAt(seq: number): EpochMs {
    return this.#genesisAt + seq * this.stepMs;
  }

  seqOf(openAt: EpochMs): number {
    return Math.floor((openAt - this.#genesisAt) / this.stepMs);
  }

  candle(seq: number): Candle {
    return unpackCandle(this.packed(seq, 1), 0, seq);
  }

  /** A fresh packed copy. What is older than the first candle stands flat at its open. */
  packed(fromSeq: number, count: number): Float64Array<ArrayBuffer> {
    assert(
      fromSeq + count - 1 <= this.headSeq,
      `Candle ${fromSeq + count - 1} is not closed yet`,
    );
    const packed = new Float64Array(count * CANDLE_WIDTH);
    for (let index = 0; index < count; index++) {
      const seq = fromSeq + index;
      const row = this.#rows[seq - this.#firstSeq] ?? this.#past(seq);
      packed.set(row, index * CANDLE_WIDTH);
    }
    return packed;
  }

  /**
   * Adds closed candles. `rows` is what the venue has from the next candle on
   * (anything on an empty board), in order; all that open before `untilAt` are
   * over. Answers how many were added.
   */
  append(rows: readonly (readonly number[])[], untilAt: EpochMs): number {
    const before = this.#rows.length;
    for (const row of rows) {
      if (row[0]! >= untilAt) break;
      if (this.isEmpty) this.#firstSeq = this.seqOf(row[0]!);
      else if (row[0]! < this.nextAt) continue;
      else this.#fillUntil(row[0]!);
      this.#rows.push(row);
    }
    if (!this.isEmpty) this.#fillUntil(untilAt);
    const added = this.#rows.length - before;
    this.#trim();
    return added;
  }

  /** Adds older candles: all that the venue has from `fromSeq` up to the first one. */
  prepend(rows: readonly (readonly number[])[], fromSeq: number): void {
    const older = new CandleBoard({
      stepMs: this.stepMs,
      genesisAt: this.#genesisAt,
    });
    older.append(
      rows.filter(([openAt]) => openAt! >= this.openAt(fromSeq)),
      this.openAt(this.#firstSeq),
    );
    if (older.isEmpty) return;
    this.#rows = [...older.#rows, ...this.#rows];
    this.#firstSeq = older.#firstSeq;
    this.#filled += older.#filled;
    this.#trim();
  }

  #fillUntil(untilAt: EpochMs): void {
    const close = this.#rows.at(-1)![4]!;
    for (let at = this.nextAt; at < untilAt; at += this.stepMs) {
      this.#rows.push([at, close, close, close, close, 0]);
      this.#filled++;
    }
  }

  #past(seq: number): readonly number[] {
    this.#pastPrice ??= this.#rows[0]![1]!;
    const price = this.#pastPrice;
    return [this.openAt(seq), price, price, price, price, 0];
  }

  #trim(): void {
    const extra = this.#rows.length - LIVE_CANDLES_MAX;
    // In lots, because each one copies the rest.
    if (extra < LIVE_CANDLES_MAX / 10) return;
    this.#rows = this.#rows.slice(extra);
    this.#firstSeq += extra;
  }
}
