import { CANDLE_WIDTH } from "../../../lib/contracts/candle.ts";
import type { CandleBatch } from "../../../lib/contracts/links.ts";
import { CANDLE_MS, PRICE_PLACES, START_AT } from "./limits.ts";

const FACTOR = 10 ** PRICE_PLACES;

/** Price at the start, and the least one, in units. */
const FIRST = 10_000;
const LEAST = 2_000;

/** Half of the spread, and the largest move in a second, in units. */
const HALF_SPREAD = 1;
const MOVE = 7;

/** A random walk second by second, and the candles it makes. */
export class PricePath {
  readonly #random: () => number;
  #middle = FIRST;
  readonly #rows: number[][] = [];
  #row: number[] | null = null;

  constructor(random: () => number) {
    this.#random = random;
  }

  get bid(): number {
    return this.#middle - HALF_SPREAD;
  }

  get ask(): number {
    return this.#middle + HALF_SPREAD;
  }

  /** The middle as a plain number. */
  get price(): number {
    return this.#middle / FACTOR;
  }

  /** Closed candles. */
  get count(): number {
    return this.#rows.length;
  }

  /** One second goes by; now and then the price leaps. */
  move(): void {
    const random = this.#random;
    const size = random() < 0.01 ? 12 * MOVE : MOVE;
    const step = Math.round((2 * random() - 1) * size);
    this.#middle = Math.max(LEAST, this.#middle + step);
    const { price } = this;
    const row = this.#row ??= [
      START_AT + this.#rows.length * CANDLE_MS,
      price,
      price,
      price,
      price,
      1,
    ];
    row[2] = Math.max(row[2]!, price);
    row[3] = Math.min(row[3]!, price);
    row[4] = price;
  }

  /** The candle closes. */
  close(): void {
    this.#rows.push(this.#row!);
    this.#row = null;
  }

  /** Candles from `fromSeq` on, packed; null where there is none. */
  batch(fromSeq: number): CandleBatch | null {
    const rows = this.#rows.slice(fromSeq);
    if (rows.length === 0) return null;
    const packed = new Float64Array(rows.length * CANDLE_WIDTH);
    rows.forEach((row, index) => packed.set(row, index * CANDLE_WIDTH));
    return { type: "candles", fromSeq, count: rows.length, packed };
  }
}
