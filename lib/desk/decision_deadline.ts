import type { Clock, Timer } from "../../actors/clock.ts";
import { DECISION_DEADLINE_MS } from "./limits.ts";

/** In real time the market waits for a decision for five seconds, and not at all for an agent that has missed one until it has caught up. */
export class DecisionDeadline {
  readonly #clock: Clock;
  readonly #onOver: () => void;
  #sinceMs = 0;
  #isUnattended = false;
  #timer: Timer | null = null;

  /** `onOver` is called when the time is over. */
  constructor(clock: Clock, onOver: () => void) {
    this.#clock = clock;
    this.#onOver = onOver;
  }

  /** The agent missed its deadline and has not caught up. */
  get isUnattended(): boolean {
    return this.#isUnattended;
  }

  /** A candle was processed. */
  start(): void {
    this.#sinceMs = this.#clock.monotonicMs();
  }

  /** The agent is there, or has decided on the newest candle. */
  caughtUp(): void {
    this.#isUnattended = false;
  }

  /** Whether there is time left; calls back when there is none. */
  hasTime(): boolean {
    const leftMs = this.#sinceMs + DECISION_DEADLINE_MS -
      this.#clock.monotonicMs();
    if (leftMs <= 0) {
      this.#isUnattended = true;
      return false;
    }
    this.#timer ??= this.#clock.after(leftMs, () => {
      this.#timer = null;
      this.#onOver();
    });
    return true;
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
