import type { Clock } from "../clock.ts";
import { LINK_TURN_MS } from "../limits.ts";

/**
 * Notices when link messages have kept an event loop to themselves: a message
 * port hands over all that has arrived before anything else has its turn, and
 * under a flood that never ends. A timer that is due at once tells whether the
 * loop was free: as long as it has not run, it was not.
 */
export class Turn {
  readonly #clock: Clock;
  #beganMs: number | null = null;
  /** A loop that was free a moment ago is not looked at: the timers would cost more than the messages. */
  #freeUntilMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether others must have their turn before the next message, at `nowMs` of the monotonic clock. */
  isOver(nowMs: number): boolean {
    if (this.#beganMs !== null) return nowMs - this.#beganMs > LINK_TURN_MS;
    if (nowMs < this.#freeUntilMs) return false;
    this.#beganMs = nowMs;
    this.#clock.after(0, () => {
      this.#beganMs = null;
      this.#freeUntilMs = this.#clock.monotonicMs() + LINK_TURN_MS;
    });
    return false;
  }
}
