import type { Clock } from "../clock.ts";
import { LINK_TURN_MS } from "../limits.ts";

/**
 * Notices when link messages have kept an event loop to themselves: a message
 * port hands over all that has arrived before anything else has its turn, and
 * under a flood that never ends. A timer that is due at once tells whether the
 * loop was free: as long as it has not run, it was not. It is set only where
 * messages took half of the time, because timers cost more than most messages.
 */
export class Turn {
  readonly #clock: Clock;
  /** When the timer was set; null while none is. */
  #beganMs: number | null = null;
  #countedFromMs = -Infinity;
  #workedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A message was worked on; times are of the monotonic clock. */
  worked(fromMs: number, toMs: number): void {
    if (this.#beganMs !== null) return;
    if (toMs - this.#countedFromMs > 2 * LINK_TURN_MS) {
      this.#countedFromMs = fromMs;
      this.#workedMs = 0;
    }
    this.#workedMs += toMs - fromMs;
    if (this.#workedMs < LINK_TURN_MS) return;
    this.#beganMs = toMs;
    this.#countedFromMs = -Infinity;
    this.#clock.after(0, () => this.#beganMs = null);
  }

  /** Whether others must have their turn before the next message. */
  isOver(nowMs: number): boolean {
    return this.#beganMs !== null && nowMs - this.#beganMs > LINK_TURN_MS;
  }
}
