import { assert } from "../../lib/core/assert.ts";

/** State of a {@link RollingComoments}; structured-cloneable. */
export interface RollingComomentsSnapshot {
  count: number;
  /** Rows of the block before (if there was one) and of the block under way, oldest first. */
  rows: Float64Array;
}

/**
 * Means and covariances of the last `window` rows of a few variables, in O(1)
 * amortised time and without drift: nothing is ever subtracted. The blocks are
 * those of `RollingMoments` (van Herk 1992), the parts are joined by the
 * pairwise formula of Chan, Golub and LeVeque (1979):
 * C = C₁ + C₂ + (m₂ − m₁)(m₂ − m₁)ᵀ n₁ n₂ ÷ (n₁ + n₂).
 *
 * A snapshot holds the rows alone; taking them in again gives the same bits,
 * because each block starts afresh.
 */
export class RollingComoments {
  readonly window: number;
  readonly size: number;
  /** Numbers of a part: means, then the lower triangle of the co-moments. */
  readonly #width: number;
  #count = 0;
  #inBlock = 0;
  readonly #rows: Float64Array;
  readonly #previousRows: Float64Array;
  readonly #suffix: Float64Array;
  readonly #prefix: Float64Array;
  readonly #delta: Float64Array;

  constructor({ window, size }: { window: number; size: number }) {
    assert(
      Number.isInteger(window) && window > 1,
      `Rolling window must be an integer above 1, was ${window}`,
    );
    this.window = window;
    this.size = size;
    this.#width = size + size * (size + 1) / 2;
    this.#rows = new Float64Array(window * size);
    this.#previousRows = new Float64Array(window * size);
    this.#suffix = new Float64Array(window * this.#width);
    this.#prefix = new Float64Array(this.#width);
    this.#delta = new Float64Array(size);
  }

  /** Whether a whole window of rows was seen. */
  get isKnown(): boolean {
    return this.#count >= this.window;
  }

  /** Mean of a variable over the window; meaningless before {@link isKnown}. */
  mean(variable: number): number {
    const rest = this.window - this.#inBlock;
    const prefix = this.#prefix[variable]!;
    if (rest === 0) return prefix;
    const suffix = this.#suffix[this.#inBlock * this.#width + variable]!;
    return prefix + (suffix - prefix) * (rest / this.window);
  }

  /** Sum of the products of the deviations of two variables, `a ≥ b`; meaningless before {@link isKnown}. */
  comoment(a: number, b: number): number {
    const { size } = this;
    const inBlock = this.#inBlock;
    const rest = this.window - inBlock;
    const place = size + a * (a + 1) / 2 + b;
    const prefix = this.#prefix[place]!;
    if (rest === 0) return prefix;
    const from = inBlock * this.#width;
    const suffix = this.#suffix;
    const deltaA = suffix[from + a]! - this.#prefix[a]!;
    const deltaB = suffix[from + b]! - this.#prefix[b]!;
    return prefix + suffix[from + place]! +
      deltaA * deltaB * (inBlock * rest / this.window);
  }

  /** Adds the next row of `size` numbers and forgets the one that leaves the window. */
  push(row: ArrayLike<number>): void {
    if (this.#inBlock === this.window) this.#endBlock();
    const { size } = this;
    for (let index = 0; index < size; index++) {
      this.#rows[this.#inBlock * size + index] = row[index]!;
    }
    this.#inBlock++;
    this.#count++;
    this.#add(row, this.#inBlock);
  }

  /** Welford's update of the part in `#prefix` by its row number `count`. */
  #add(row: ArrayLike<number>, count: number): void {
    const { size } = this;
    const part = this.#prefix;
    const delta = this.#delta;
    for (let a = 0; a < size; a++) {
      delta[a] = row[a]! - part[a]!;
      part[a]! += delta[a]! / count;
    }
    let place = size;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        part[place]! += delta[a]! * (row[b]! - part[b]!);
        place++;
      }
    }
  }

  /** Sums the whole block up backwards and begins the next one. */
  #endBlock(): void {
    const { window, size } = this;
    this.#prefix.fill(0);
    for (let place = window - 1; place >= 0; place--) {
      this.#add(
        this.#rows.subarray(place * size, (place + 1) * size),
        window - place,
      );
      this.#suffix.set(this.#prefix, place * this.#width);
    }
    this.#previousRows.set(this.#rows);
    this.#prefix.fill(0);
    this.#inBlock = 0;
  }

  snapshot(): RollingComomentsSnapshot {
    const { window, size } = this;
    const previous = this.#count > this.#inBlock ? window : 0;
    const rows = new Float64Array((previous + this.#inBlock) * size);
    if (previous > 0) rows.set(this.#previousRows);
    rows.set(this.#rows.subarray(0, this.#inBlock * size), previous * size);
    return { count: this.#count, rows };
  }

  /** Goes on from a snapshot of the same window and size, bit for bit. */
  restore({ count, rows }: RollingComomentsSnapshot): void {
    const { size } = this;
    this.#inBlock = 0;
    this.#count = 0;
    this.#prefix.fill(0);
    for (let at = 0; at < rows.length; at += size) {
      this.push(rows.subarray(at, at + size));
    }
    this.#count = count;
  }
}
