import type { Clock } from "../../../actors/clock.ts";
import {
  BREAKER_FAILURES,
  BREAKER_OPEN_MAX_MS,
  BREAKER_OPEN_MS,
  BREAKER_WINDOW_MS,
} from "./limits.ts";

/**
 * Stops reads and entries while a venue does not answer: open after five
 * failures within half a minute, then one probe after 15 s, twice as long after
 * each probe that fails. Withdrawals and exits never ask it.
 */
export class Breaker {
  readonly #clock: Clock;
  #failures: number[] = [];
  #openMs = 0;
  #probeAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#openMs > 0;
  }

  /** Whether a call may go out; an open breaker lets one probe pass when its time has come. */
  mayCall(): boolean {
    if (!this.isOpen) return true;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#probeAtMs) return false;
    // The next one may go if this one is never heard of again.
    this.#probeAtMs = nowMs + this.#openMs;
    return true;
  }

  succeeded(): void {
    this.#failures = [];
    this.#openMs = 0;
  }

  failed(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#failures = this.#failures.filter((at) =>
      at > nowMs - BREAKER_WINDOW_MS
    );
    this.#failures.push(nowMs);
    if (!this.isOpen && this.#failures.length < BREAKER_FAILURES) return;
    this.open(Math.min(
      BREAKER_OPEN_MAX_MS,
      this.isOpen ? 2 * this.#openMs : BREAKER_OPEN_MS,
    ));
  }

  /** Opens it for this long, as when the venue says that it is closed. */
  open(forMs: number): void {
    this.#openMs = forMs;
    this.#probeAtMs = this.#clock.monotonicMs() + forMs;
  }
}
