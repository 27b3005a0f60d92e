const BUCKETS_PER_DOUBLING = 8;
const SMALLEST_MS = 0.0005;
const BUCKETS = 26 * BUCKETS_PER_DOUBLING;

/**
 * A latency histogram of fixed size: logarithmic buckets, eight to a doubling,
 * from half a microsecond to half a minute. A percentile is the upper edge of
 * its bucket and so is at most 9 % too high, never too low.
 */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #maxMs = 0;

  /** How many values were recorded. */
  get count(): number {
    return this.#count;
  }

  /** Records one latency in milliseconds. */
  record(latencyMs: number): void {
    const ratio = latencyMs / SMALLEST_MS;
    const index = ratio <= 1 ? 0 : Math.min(
      BUCKETS - 1,
      Math.ceil(Math.log2(ratio) * BUCKETS_PER_DOUBLING),
    );
    this.#counts[index]! += 1;
    this.#count++;
    if (latencyMs > this.#maxMs) this.#maxMs = latencyMs;
  }

  /** The latency that `fraction` (0..1) of the values do not exceed, or null while nothing was recorded. */
  percentile(fraction: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(fraction * this.#count));
    let seen = 0;
    for (let index = 0; index < BUCKETS; index++) {
      seen += this.#counts[index]!;
      if (seen >= rank) {
        const edgeMs = SMALLEST_MS * 2 ** (index / BUCKETS_PER_DOUBLING);
        return Math.min(edgeMs, this.#maxMs);
      }
    }
    return this.#maxMs;
  }

  /** The largest recorded latency, or null while nothing was recorded. */
  get maxMs(): number | null {
    return this.#count === 0 ? null : this.#maxMs;
  }

  /** Takes what another one has recorded in. */
  add(other: LatencyHistogram): void {
    for (let index = 0; index < BUCKETS; index++) {
      this.#counts[index]! += other.#counts[index]!;
    }
    this.#count += other.#count;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  /** The figures that are shown; null before the first time. */
  figures(): LatencyFigures | null {
    if (this.count === 0) return null;
    return {
      n: this.count,
      p50Ms: this.percentile(0.5)!,
      p99Ms: this.percentile(0.99)!,
      p999Ms: this.percentile(0.999)!,
      maxMs: this.maxMs!,
    };
  }
}

/** What was measured of something that takes time, in milliseconds; a percentile is at most 9 % too high. */
export interface LatencyFigures {
  n: number;
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  maxMs: number;
}
