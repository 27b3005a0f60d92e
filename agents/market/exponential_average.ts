import { assert } from "../../lib/core/assert.ts";

/** State of an {@link ExponentialAverage}; plain data. */
export interface ExponentialAverageSnapshot {
  count: number;
  value: number;
}

/**
 * Exponential moving average of `period` values: the mean of the first
 * `period`, then `value += 2 / (period + 1) × (x − value)`, as chart programs
 * have it.
 */
export class ExponentialAverage {
  readonly period: number;
  readonly #weight: number;
  #count = 0;
  /** Holds the sum until the first mean is known. */
  #value = 0;

  constructor(period: number) {
    assert(
      Number.isInteger(period) && period > 0,
      `Period of an average must be a positive integer, was ${period}`,
    );
    this.period = period;
    this.#weight = 2 / (period + 1);
  }

  /** Whether `period` values were seen. */
  get isKnown(): boolean {
    return this.#count >= this.period;
  }

  /** The average; meaningless before {@link isKnown}. */
  get value(): number {
    return this.#value;
  }

  /** Takes the next value. */
  update(x: number): void {
    this.#count++;
    if (this.#count > this.period) {
      this.#value += this.#weight * (x - this.#value);
      return;
    }
    this.#value += x;
    if (this.#count === this.period) this.#value /= this.period;
  }

  snapshot(): ExponentialAverageSnapshot {
    return { count: this.#count, value: this.#value };
  }

  restore(snapshot: ExponentialAverageSnapshot): void {
    this.#count = snapshot.count;
    this.#value = snapshot.value;
  }
}
