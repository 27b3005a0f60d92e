import {
  CANDLE_COLUMNS,
  CANDLE_WIDTH,
  HEDGE_WIDTH,
} from "../../contracts/candle.ts";
import type { CandleBatch } from "../../contracts/links.ts";
import { CLOSES_AHEAD, CLOSES_KEPT } from "./limits.ts";

const CLOSE = CANDLE_COLUMNS.indexOf("close");
/** A second market's candle has the same columns without the open time. */
const HEDGE_CLOSE = CLOSE - 1;
const CAPACITY = CLOSES_KEPT + CLOSES_AHEAD;

/** Closes of one account's market as the feed sends them, by the numbers of their candles. */
export class CloseRing {
  readonly #openAt = new Float64Array(CAPACITY);
  readonly #close = new Float64Array(CAPACITY);
  /** NaN where there is no second market. */
  readonly #hedge = new Float64Array(CAPACITY);
  /** First and last candle that are kept; none while the last is before the first. */
  #firstSeq = 0;
  #lastSeq = -1;

  /** Takes in a batch. A feed that was joined anew repeats candles; a hole forgets what was before it. */
  take({ fromSeq, count, packed, hedge }: CandleBatch): void {
    if (this.#lastSeq < this.#firstSeq || fromSeq > this.#lastSeq + 1) {
      this.#firstSeq = fromSeq;
    }
    for (let index = 0; index < count; index++) {
      const place = (fromSeq + index) % CAPACITY;
      this.#openAt[place] = packed[index * CANDLE_WIDTH]!;
      this.#close[place] = packed[index * CANDLE_WIDTH + CLOSE]!;
      this.#hedge[place] = hedge?.[index * HEDGE_WIDTH + HEDGE_CLOSE] ?? NaN;
    }
    this.#lastSeq = fromSeq + count - 1;
    this.#firstSeq = Math.max(this.#firstSeq, this.#lastSeq - CAPACITY + 1);
  }

  /** Open times and closes by turns of the candles after one up to another; of the second market where there is one. */
  between(
    afterSeq: number,
    untilSeq: number,
  ): { closes: Float64Array; hedge: Float64Array | null } {
    const from = Math.max(
      this.#firstSeq,
      afterSeq + 1,
      untilSeq - CLOSES_KEPT + 1,
    );
    const until = Math.min(untilSeq, this.#lastSeq);
    const count = Math.max(0, until - from + 1);
    const closes = new Float64Array(2 * count);
    const hedge = new Float64Array(2 * count);
    let hasHedge = false;
    for (let index = 0; index < count; index++) {
      const place = (from + index) % CAPACITY;
      closes[2 * index] = hedge[2 * index] = this.#openAt[place]!;
      closes[2 * index + 1] = this.#close[place]!;
      hedge[2 * index + 1] = this.#hedge[place]!;
      hasHedge ||= !Number.isNaN(this.#hedge[place]!);
    }
    return { closes, hedge: hasHedge ? hedge : null };
  }
}
