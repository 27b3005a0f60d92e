import { assert } from "../../lib/core/assert.ts";

/** State of an {@link ExponentialVariance}; plain data. */
export interface ExponentialVarianceSnapshot {
  count: number;
  variance: number;
}

/**
 * Exponentially weighted variance of returns whose mean counts as 0:
 * `v = decay × v + (1 − decay) × r²`, started from the square of the first
 * return (RiskMetrics Technical Document, 1996).
 */
export class ExponentialVariance {
  readonly #decay: number;
  #count = 0;
  #variance = 0;

  constructor(decay: number) {
    assert(
      decay > 0 && decay < 1,
      `Decay must lie between 0 and 1, was ${decay}`,
    );
    this.#decay = decay;
  }

  /** Standard deviation of one return; 0 before the first. */
  get deviation(): number {
    return Math.sqrt(this.#variance);
  }

  /** Takes the next return. */
  update(value: number): void {
    const square = value * value;
    this.#variance = this.#count === 0
      ? square
      : this.#decay * this.#variance + (1 - this.#decay) * square;
    this.#count++;
  }

  snapshot(): ExponentialVarianceSnapshot {
    return { count: this.#count, variance: this.#variance };
  }

  restore(snapshot: ExponentialVarianceSnapshot): void {
    this.#count = snapshot.count;
    this.#variance = snapshot.variance;
  }
}
