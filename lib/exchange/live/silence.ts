/** Silence is this many usual gaps. */
const USUAL_GAPS = 3;

/** Weight of the newest gap in the usual one. */
const NEWEST_WEIGHT = 0.1;

/** Learns how far apart messages are, to say from when on their absence is strange. */
export class SilenceWatch {
  readonly #minMs: number;
  readonly #maxMs: number;
  #usualMs: number | null = null;
  #lastMs: number;

  constructor(
    { minMs, maxMs, nowMs }: { minMs: number; maxMs: number; nowMs: number },
  ) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#lastMs = nowMs;
  }

  /** A message has come. */
  heard(nowMs: number): void {
    const gapMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    this.#usualMs = this.#usualMs === null
      ? gapMs
      : this.#usualMs + NEWEST_WEIGHT * (gapMs - this.#usualMs);
  }

  /** From now on so long without a message is silence. */
  get limitMs(): number {
    const strangeMs = (this.#usualMs ?? 0) * USUAL_GAPS;
    return Math.min(this.#maxMs, Math.max(this.#minMs, strangeMs));
  }
}
