/** State of a {@link WilderAverage}; plain data. */
export interface WilderAverageSnapshot {
  count: number;
  value: number;
}

/**
 * Wilder's smoothed mean (J. Welles Wilder, New Concepts in Technical Trading
 * Systems, 1978): the mean of the first `period` values, then
 * `value = (value × (period − 1) + x) / period`.
 *
 * Fed with true ranges it is the average true range (ATR).
 */
export class WilderAverage {
  readonly period: number;
  #count = 0;
  /** Holds the sum until the first mean is known. */
  #value = 0;

  constructor(period: number) {
    this.period = period;
  }

  /** The mean, or 0 while fewer than `period` values were seen: no yardstick yet. */
  get value(): number {
    return this.#count < this.period ? 0 : this.#value;
  }

  /** Takes the next value. */
  update(x: number): void {
    const period = this.period;
    this.#count++;
    if (this.#count > period) {
      this.#value = (this.#value * (period - 1) + x) / period;
      return;
    }
    this.#value += x;
    if (this.#count === period) this.#value /= period;
  }

  snapshot(): WilderAverageSnapshot {
    return { count: this.#count, value: this.#value };
  }

  restore(snapshot: WilderAverageSnapshot): void {
    this.#count = snapshot.count;
    this.#value = snapshot.value;
  }
}
