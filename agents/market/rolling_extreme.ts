import { assert } from "../../lib/core/assert.ts";

/**
 * Largest value of the last `window` values, in O(1) amortised time: a
 * monotonic deque in preallocated arrays. For the smallest value, push the
 * negated values.
 */
export class RollingExtreme {
  readonly #window: number;
  readonly #mask: number;
  readonly #values: Float64Array;
  readonly #positions: Float64Array;
  #head = 0;
  #tail = 0;
  #count = 0;

  constructor(window: number) {
    assert(
      Number.isInteger(window) && window > 0,
      `Rolling window must be a positive integer, was ${window}`,
    );
    // One place more than the window, rounded up so that a mask replaces the division.
    let capacity = 2;
    while (capacity < window + 1) capacity *= 2;
    this.#window = window;
    this.#mask = capacity - 1;
    this.#values = new Float64Array(capacity);
    this.#positions = new Float64Array(capacity);
  }

  /** Largest value of the window; meaningless before the first push. */
  get value(): number {
    return this.#values[this.#head & this.#mask]!;
  }

  /** Adds the next value and forgets the one that leaves the window. */
  push(value: number): void {
    const mask = this.#mask;
    const values = this.#values;
    let tail = this.#tail;
    // A value that is not larger than a later one can never be the largest again.
    while (tail > this.#head && values[(tail - 1) & mask]! <= value) tail--;
    values[tail & mask] = value;
    this.#positions[tail & mask] = this.#count;
    this.#tail = tail + 1;
    if (this.#positions[this.#head & mask]! <= this.#count - this.#window) {
      this.#head++;
    }
    this.#count++;
  }

  /** Forgets all values. */
  clear(): void {
    this.#head = 0;
    this.#tail = 0;
    this.#count = 0;
  }
}
