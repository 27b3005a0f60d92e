import { assert } from "../../lib/core/assert.ts";

/** State of a {@link RollingRank}; structured-cloneable. */
export interface RollingRankSnapshot {
  count: number;
  values: Float64Array;
}

/**
 * Where a value stands among the last `window` values. Adding is O(1), asking
 * is O(window): it is asked far more seldom than added to.
 */
export class RollingRank {
  readonly window: number;
  readonly #values: Float64Array;
  #count = 0;
  #place = 0;

  constructor(window: number) {
    assert(
      Number.isInteger(window) && window > 0,
      `Rolling window must be a positive integer, was ${window}`,
    );
    this.window = window;
    this.#values = new Float64Array(window);
  }

  /** Whether a whole window of values was seen. */
  get isKnown(): boolean {
    return this.#count >= this.window;
  }

  /** Adds the next value in the place of the oldest. */
  push(value: number): void {
    this.#values[this.#place] = value;
    this.#place = this.#place + 1 === this.window ? 0 : this.#place + 1;
    this.#count++;
  }

  /** Percentile rank: how many percent of the values are below `value`; meaningless before {@link isKnown}. */
  percentileOf(value: number): number {
    let below = 0;
    for (let index = 0; index < this.window; index++) {
      if (this.#values[index]! < value) below++;
    }
    return 100 * below / this.window;
  }

  /** Forgets all values. */
  clear(): void {
    this.#count = 0;
    this.#place = 0;
  }

  snapshot(): RollingRankSnapshot {
    return { count: this.#count, values: this.#values.slice() };
  }

  /** Goes on from a snapshot of the same window. */
  restore(snapshot: RollingRankSnapshot): void {
    this.#count = snapshot.count;
    this.#place = snapshot.count % this.window;
    this.#values.set(snapshot.values);
  }
}
