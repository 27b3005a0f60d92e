/**
 * Deviations and correlations of many markets, kept up as rows of returns come
 * and go. A pair counts the rows in which both returns are known.
 *
 * @module
 */
import { ExactSums } from "./exact_sums.ts";
import { COMMON_OBSERVATIONS_MIN, VARIANCE_SHARE_MIN } from "./limits.ts";

/** State of a {@link PairMoments}; structured-cloneable. */
export interface PairMomentsSnapshot {
  sums: Float64Array;
  squares: Float64Array;
  products: Float64Array;
  sumsWithout: Float64Array;
  squaresWithout: Float64Array;
  known: Int32Array;
  common: Int32Array;
}

/**
 * Sums over the rows in the window for places 0 to `size` − 1. A row costs
 * size²/2 additions; unknown returns cost `size` more each. Memory: about
 * 42 size² bytes, 0.42 MB for 100 markets.
 */
export class PairMoments {
  readonly size: number;
  readonly #sums: ExactSums;
  readonly #squares: ExactSums;
  /** Lower triangle without the diagonal, see {@link pairPlace}. */
  readonly #products: ExactSums;
  readonly #common: Int32Array;
  /** At a · size + b: sums of a over the rows where b is unknown. */
  readonly #sumsWithout: ExactSums;
  readonly #squaresWithout: ExactSums;
  readonly #known: Int32Array;
  // One over the roots of the sums of squared deviations, infinite without
  // deviation; made when asked for.
  readonly #scales: Float64Array;
  #areScalesKnown = false;
  readonly #pairIn = new Int32Array(1);
  readonly #pairOut = new Float64Array(1);
  // Places of a row, so that taking it in allocates nothing.
  readonly #present: Int32Array;
  readonly #absent: Int32Array;

  constructor(size: number) {
    this.size = size;
    const pairs = size * (size - 1) / 2;
    this.#sums = new ExactSums(size);
    this.#squares = new ExactSums(size);
    this.#products = new ExactSums(pairs);
    this.#common = new Int32Array(pairs);
    this.#sumsWithout = new ExactSums(size * size);
    this.#squaresWithout = new ExactSums(size * size);
    this.#known = new Int32Array(size);
    this.#scales = new Float64Array(size);
    this.#present = new Int32Array(size);
    this.#absent = new Int32Array(size);
  }

  /** Takes a row in (`sign` 1) or out (−1). `isUsed` says which places have a market. */
  apply(
    row: Float64Array,
    { sign, isUsed }: { sign: 1 | -1; isUsed: Uint8Array },
  ): void {
    this.#areScalesKnown = false;
    let present = 0;
    let absent = 0;
    for (let place = 0; place < this.size; place++) {
      if (isUsed[place] === 0) continue;
      if (Number.isNaN(row[place]!)) this.#absent[absent++] = place;
      else this.#present[present++] = place;
    }
    for (let index = 0; index < present; index++) {
      const a = this.#present[index]!;
      const value = row[a]!;
      this.#known[a]! += sign;
      this.#sums.add(a, sign * value);
      this.#squares.add(a, sign * value * value);
      this.#applyPairs(row, { a, below: index, sign });
      for (let other = 0; other < absent; other++) {
        const at = a * this.size + this.#absent[other]!;
        this.#sumsWithout.add(at, sign * value);
        this.#squaresWithout.add(at, sign * value * value);
      }
    }
  }

  #applyPairs(
    row: Float64Array,
    { a, below, sign }: { a: number; below: number; sign: 1 | -1 },
  ): void {
    const value = sign * row[a]!;
    const first = pairPlace(a, 0);
    for (let index = 0; index < below; index++) {
      const b = this.#present[index]!;
      this.#common[first + b]! += sign;
      this.#products.add(first + b, value * row[b]!);
    }
  }

  /** Begins a market at a place that no row knew it in: what others have is without it. */
  begin(place: number, isUsed: Uint8Array): void {
    this.end(place);
    for (let other = 0; other < this.size; other++) {
      if (isUsed[other] === 0 || other === place) continue;
      const at = other * this.size + place;
      this.#sumsWithout.copy(at, this.#sums, other);
      this.#squaresWithout.copy(at, this.#squares, other);
    }
  }

  /** Forgets the market at a place. */
  end(place: number): void {
    this.#areScalesKnown = false;
    this.#known[place] = 0;
    this.#sums.clear(place);
    this.#squares.clear(place);
    for (let other = 0; other < this.size; other++) {
      for (const at of [place * this.size + other, other * this.size + place]) {
        this.#sumsWithout.clear(at);
        this.#squaresWithout.clear(at);
      }
      if (other === place) continue;
      const pair = pairPlace(Math.max(place, other), Math.min(place, other));
      this.#products.clear(pair);
      this.#common[pair] = 0;
    }
  }

  /** Standard deviation (n − 1) of a market's known returns; null with too few of them. */
  deviation(place: number): number | null {
    const known = this.#known[place]!;
    if (known < COMMON_OBSERVATIONS_MIN) return null;
    if (!this.#areScalesKnown) this.#makeScales();
    return 1 / (this.#scales[place]! * Math.sqrt(known - 1));
  }

  /** Pearson's correlation over the rows that both know, −1 to 1; NaN with too few of them or without deviation. */
  correlation(a: number, b: number): number {
    this.correlations(this.#pairOut, { a, others: this.#pairIn.fill(b) });
    return this.#pairOut[0]!;
  }

  /**
   * Writes the correlations of one place with others to the start of `out`. NaN
   * and not null, because a number that may be null is an object to the engine,
   * and a portfolio has thousands of pairs.
   */
  correlations(
    out: Float64Array,
    { a, others, count = others.length }: {
      a: number;
      others: Int32Array;
      /** Only so many of the first ones. */
      count?: number;
    },
  ): void {
    if (!this.#areScalesKnown) this.#makeScales();
    const scales = this.#scales;
    const sums = this.#sums.values;
    const commons = this.#common;
    const products = this.#products.values;
    const knowns = this.#known;
    const known = knowns[a]!;
    const scale = scales[a]!;
    const mean = sums[a]! / known;
    for (let index = 0; index < count; index++) {
      const b = others[index]!;
      const pair = a > b ? pairPlace(a, b) : pairPlace(b, a);
      const common = a === b ? known : commons[pair]!;
      if (common < COMMON_OBSERVATIONS_MIN) out[index] = NaN;
      else if (a === b) out[index] = scale === Infinity ? NaN : 1;
      else if (common < known || common < knowns[b]!) {
        out[index] = this.#correlationWithGaps(a, b, common);
      } else if (scale === Infinity || scales[b] === Infinity) {
        out[index] = NaN;
      } else {
        const together = products[pair]! - mean * sums[b]!;
        out[index] = withinOne(together * scale * scales[b]!);
      }
    }
  }

  #correlationWithGaps(
    a: number,
    b: number,
    count: number,
  ): number {
    const pair = a > b ? pairPlace(a, b) : pairPlace(b, a);
    const product = this.#products.values[pair]!;
    const first = this.#momentsWith(a, b);
    const second = this.#momentsWith(b, a);
    const scale = Math.sqrt(
      spreadOf({ ...first, count }) * spreadOf({ ...second, count }),
    );
    if (scale === 0) return NaN;
    return withinOne((product - first.sum * second.sum / count) / scale);
  }

  #makeScales(): void {
    for (let at = 0; at < this.size; at++) {
      const count = this.#known[at]!;
      const sum = this.#sums.values[at]!;
      const squares = this.#squares.values[at]!;
      this.#scales[at] = count === 0
        ? Infinity
        : 1 / Math.sqrt(spreadOf({ sum, squares, count }));
    }
    this.#areScalesKnown = true;
  }

  /** Sums of `a` over the rows in which `b` is known as well. */
  #momentsWith(a: number, b: number) {
    const at = a * this.size + b;
    return {
      sum: this.#sums.minus(a, this.#sumsWithout, at),
      squares: this.#squares.minus(a, this.#squaresWithout, at),
    };
  }

  snapshot(): PairMomentsSnapshot {
    return {
      sums: this.#sums.snapshot(),
      squares: this.#squares.snapshot(),
      products: this.#products.snapshot(),
      sumsWithout: this.#sumsWithout.snapshot(),
      squaresWithout: this.#squaresWithout.snapshot(),
      known: this.#known.slice(),
      common: this.#common.slice(),
    };
  }

  /** Goes on from a snapshot of the same size, bit for bit. */
  restore(snapshot: PairMomentsSnapshot): void {
    this.#sums.restore(snapshot.sums);
    this.#squares.restore(snapshot.squares);
    this.#products.restore(snapshot.products);
    this.#sumsWithout.restore(snapshot.sumsWithout);
    this.#squaresWithout.restore(snapshot.squaresWithout);
    this.#known.set(snapshot.known);
    this.#common.set(snapshot.common);
    this.#areScalesKnown = false;
  }

  /** Bytes of its arrays. */
  get bytes(): number {
    const sums = [
      this.#sums,
      this.#squares,
      this.#products,
      this.#sumsWithout,
      this.#squaresWithout,
    ];
    return sums.reduce((all, { bytes }) => all + bytes, 0) +
      this.#scales.byteLength + this.#known.byteLength * 3 +
      this.#common.byteLength;
  }
}

/** Place of a pair in a lower triangle without its diagonal, `a` > `b`. */
export function pairPlace(a: number, b: number): number {
  // A shift keeps it a whole number to the engine.
  return (a * (a - 1) >> 1) + b;
}

/** Correlations may leave −1 to 1 by a rounding error. */
function withinOne(correlation: number): number {
  return correlation > 1 ? 1 : correlation < -1 ? -1 : correlation;
}

/** Sum of the squared deviations; 0 where it is but a rounding error. */
function spreadOf(
  { sum, squares, count }: { sum: number; squares: number; count: number },
): number {
  const spread = squares - sum * sum / count;
  return spread <= squares * VARIANCE_SHARE_MIN ? 0 : spread;
}
