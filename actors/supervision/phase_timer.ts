import type { Clock, Timer } from "../clock.ts";

/** The one timer of a child's phase: start deadline, retry, or shutdown deadline. */
export class PhaseTimer {
  readonly #clock: Clock;
  #timer: Timer | null = null;
  #retryAt: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the next attempt is due, milliseconds since 1970, or null where none is planned. */
  get retryAt(): number | null {
    return this.#retryAt;
  }

  /** Limits the phase that begins now; takes the place of the former timer. */
  limit(limitMs: number, onLate: () => void): void {
    this.clear();
    this.#timer = this.#clock.after(limitMs, onLate);
  }

  /** Plans the next attempt; takes the place of the former timer. */
  retry(delayMs: number, attempt: () => void): void {
    this.limit(delayMs, attempt);
    this.#retryAt = this.#clock.nowMs() + delayMs;
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#retryAt = null;
  }
}
