/** How long to wait before a restart. Times are milliseconds. */
export interface BackoffOptions {
  minMs: number;
  maxMs: number;
  factor: number;
  /** Part of the delay by which it varies either way, 0..1, so that many actors do not restart in step. */
  jitter: number;
  /** Time an actor must have been up for its next failure to count as the first again. */
  resetAfterMs: number;
}

/** The sequence of delays for one actor. Pure: randomness and time are handed in. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #attempt = 0;

  constructor(options: BackoffOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /** The next delay, in whole milliseconds; `healthyMs` is how long the actor had been up. */
  next(healthyMs: number): number {
    const { minMs, maxMs, factor, jitter, resetAfterMs } = this.#options;
    if (healthyMs >= resetAfterMs) this.reset();
    const baseMs = Math.min(maxMs, minMs * factor ** this.#attempt);
    this.#attempt++;
    return Math.round(baseMs * (1 + jitter * (2 * this.#random() - 1)));
  }

  /** The next delay is the first one again. */
  reset(): void {
    this.#attempt = 0;
  }
}
