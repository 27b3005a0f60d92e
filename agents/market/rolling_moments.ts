import { assert } from "../../lib/core/assert.ts";

/** State of a {@link RollingMoments}; structured-cloneable. */
export interface RollingMomentsSnapshot {
  count: number;
  values: Float64Array;
  suffixMean: Float64Array;
  suffixSquares: Float64Array;
  prefixMean: number;
  prefixSquares: number;
}

/**
 * Mean and standard deviation of the last `window` values, in O(1) amortised
 * time, without drift: nothing is ever subtracted.
 *
 * The values are cut into blocks of `window`. A window is the end of one block
 * and the beginning of the next: the beginning is summed up as it comes, the
 * ends of a block backwards once it is whole (van Herk, Pattern Recognition
 * Letters 13, 1992). Each part is a mean with its sum of squared deviations
 * (Welford 1962), and two parts are joined by Chan, Golub and LeVeque (1979),
 * so no large numbers cancel and each block starts afresh.
 */
export class RollingMoments {
  readonly window: number;
  #count = 0;
  /** The newest `window` values; place of value n is n modulo the window. */
  readonly #values: Float64Array;
  /** Of the block before: from each place to its end. */
  readonly #suffixMean: Float64Array;
  readonly #suffixSquares: Float64Array;
  /** Of the block under way. */
  #prefixMean = 0;
  #prefixSquares = 0;
  /** Values in the block under way; equal to the window when it is whole. */
  #inBlock = 0;

  constructor(window: number) {
    assert(
      Number.isInteger(window) && window > 1,
      `Rolling window must be an integer above 1, was ${window}`,
    );
    this.window = window;
    this.#values = new Float64Array(window);
    this.#suffixMean = new Float64Array(window);
    this.#suffixSquares = new Float64Array(window);
  }

  /** Whether a whole window of values was seen. */
  get isKnown(): boolean {
    return this.#count >= this.window;
  }

  /** Mean of the window; meaningless before {@link isKnown}. */
  get mean(): number {
    const inBlock = this.#inBlock;
    const rest = this.window - inBlock;
    if (rest === 0) return this.#prefixMean;
    const prefix = this.#prefixMean;
    return prefix +
      (this.#suffixMean[inBlock]! - prefix) * (rest / this.window);
  }

  /** Population standard deviation of the window (divided by n, as in Bollinger bands); meaningless before {@link isKnown}. */
  get standardDeviation(): number {
    const inBlock = this.#inBlock;
    const rest = this.window - inBlock;
    if (rest === 0) return Math.sqrt(this.#prefixSquares / this.window);
    const delta = this.#suffixMean[inBlock]! - this.#prefixMean;
    const squares = this.#prefixSquares + this.#suffixSquares[inBlock]! +
      delta * delta * (inBlock * rest / this.window);
    return Math.sqrt(squares / this.window);
  }

  /** Adds the next value and forgets the one that leaves the window. */
  push(value: number): void {
    if (this.#inBlock === this.window) this.#endBlock();
    this.#values[this.#inBlock] = value;
    this.#inBlock++;
    this.#count++;
    const delta = value - this.#prefixMean;
    this.#prefixMean += delta / this.#inBlock;
    this.#prefixSquares += delta * (value - this.#prefixMean);
  }

  /** Forgets all values. */
  clear(): void {
    this.#count = 0;
    this.#inBlock = 0;
    this.#prefixMean = 0;
    this.#prefixSquares = 0;
  }

  /** Sums the whole block up backwards and begins the next one. */
  #endBlock(): void {
    let mean = 0;
    let squares = 0;
    for (let place = this.window - 1; place >= 0; place--) {
      const value = this.#values[place]!;
      const delta = value - mean;
      mean += delta / (this.window - place);
      squares += delta * (value - mean);
      this.#suffixMean[place] = mean;
      this.#suffixSquares[place] = squares;
    }
    this.#inBlock = 0;
    this.#prefixMean = 0;
    this.#prefixSquares = 0;
  }

  snapshot(): RollingMomentsSnapshot {
    return {
      count: this.#count,
      values: this.#values.slice(0, this.#inBlock),
      suffixMean: this.#suffixMean.slice(),
      suffixSquares: this.#suffixSquares.slice(),
      prefixMean: this.#prefixMean,
      prefixSquares: this.#prefixSquares,
    };
  }

  /** Goes on from a snapshot of the same window, bit for bit. */
  restore(snapshot: RollingMomentsSnapshot): void {
    this.#count = snapshot.count;
    this.#inBlock = snapshot.values.length;
    this.#values.set(snapshot.values);
    this.#suffixMean.set(snapshot.suffixMean);
    this.#suffixSquares.set(snapshot.suffixSquares);
    this.#prefixMean = snapshot.prefixMean;
    this.#prefixSquares = snapshot.prefixSquares;
  }
}
