/**
 * Sums that values enter and leave for as long as a process runs. Each is a pair
 * of numbers, the second one holding what the first one rounded away (Knuth's
 * exact sum of two), so that a value that leaves takes with it all it brought,
 * however much larger than the rest it was.
 */
export class ExactSums {
  readonly #high: Float64Array;
  readonly #low: Float64Array;

  constructor(size: number) {
    this.#high = new Float64Array(size);
    this.#low = new Float64Array(size);
  }

  /** Adds a value to the sum at a place. */
  add(place: number, value: number): void {
    const before = this.#high[place]!;
    const sum = before + value;
    const added = sum - before;
    this.#low[place]! += (before - (sum - added)) + (value - added);
    this.#high[place] = sum;
  }

  /** The sum at a place. */
  at(place: number): number {
    return this.#high[place]! + this.#low[place]!;
  }

  clear(place: number): void {
    this.#high[place] = 0;
    this.#low[place] = 0;
  }

  /** Makes the sum at a place that of another one at its place. */
  copy(place: number, from: ExactSums, fromPlace: number): void {
    this.#high[place] = from.#high[fromPlace]!;
    this.#low[place] = from.#low[fromPlace]!;
  }

  snapshot(): Float64Array {
    const parts = new Float64Array(2 * this.#high.length);
    parts.set(this.#high);
    parts.set(this.#low, this.#high.length);
    return parts;
  }

  /** Goes on from a snapshot of the same size, bit for bit. */
  restore(parts: Float64Array): void {
    const size = this.#high.length;
    this.#high.set(parts.subarray(0, size));
    this.#low.set(parts.subarray(size));
  }

  /** Bytes of its arrays. */
  get bytes(): number {
    return this.#high.byteLength + this.#low.byteLength;
  }
}
