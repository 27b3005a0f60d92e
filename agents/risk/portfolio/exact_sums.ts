/**
 * Sums that values enter and leave for as long as a process runs. Each is a pair
 * of numbers, the second one holding what the first one rounded away (Knuth's
 * exact sum of two), so that a value that leaves takes with it all it brought:
 * what is left is exact to about 1e-32 of the largest value that was ever in.
 */
export class ExactSums {
  /** The sums, rounded; to be read only. */
  readonly values: Float64Array;
  readonly #rests: Float64Array;

  constructor(size: number) {
    this.values = new Float64Array(size);
    this.#rests = new Float64Array(size);
  }

  /** Adds a value to the sum at a place. */
  add(place: number, value: number): void {
    const before = this.values[place]!;
    const sum = before + value;
    const added = sum - before;
    const rest = this.#rests[place]! + (before - (sum - added)) +
      (value - added);
    const rounded = sum + rest;
    this.values[place] = rounded;
    this.#rests[place] = rest - (rounded - sum);
  }

  /** Difference from another sum at its place, exact also where both are nearly equal. */
  minus(place: number, other: ExactSums, otherPlace: number): number {
    return this.values[place]! - other.values[otherPlace]! +
      (this.#rests[place]! - other.#rests[otherPlace]!);
  }

  clear(place: number): void {
    this.values[place] = 0;
    this.#rests[place] = 0;
  }

  /** Makes the sum at a place that of another one at its place. */
  copy(place: number, from: ExactSums, fromPlace: number): void {
    this.values[place] = from.values[fromPlace]!;
    this.#rests[place] = from.#rests[fromPlace]!;
  }

  snapshot(): Float64Array {
    const parts = new Float64Array(2 * this.values.length);
    parts.set(this.values);
    parts.set(this.#rests, this.values.length);
    return parts;
  }

  /** Goes on from a snapshot of the same size, bit for bit. */
  restore(parts: Float64Array): void {
    const size = this.values.length;
    this.values.set(parts.subarray(0, size));
    this.#rests.set(parts.subarray(size));
  }

  /** Bytes of its arrays. */
  get bytes(): number {
    return this.values.byteLength + this.#rests.byteLength;
  }
}
