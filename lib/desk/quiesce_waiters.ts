import type { Clock, Timer } from "../../actors/clock.ts";
import { QUIESCE_WITHIN_MS } from "./venue/limits.ts";

interface Waiter {
  timer: Timer;
  resolve(isQuiesced: boolean): void;
}

/** Who waits until an account at a venue has nothing left to withdraw or to close. */
export class QuiesceWaiters {
  readonly #clock: Clock;
  readonly #isQuiesced: () => boolean;
  #waiters: Waiter[] = [];

  constructor(clock: Clock, isQuiesced: () => boolean) {
    this.#clock = clock;
    this.#isQuiesced = isQuiesced;
  }

  /** Resolves with true as soon as nothing is left, with false after the deadline or `cancel`. */
  wait(): Promise<boolean> {
    if (this.#isQuiesced()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        resolve,
        timer: this.#clock.after(QUIESCE_WITHIN_MS, () => {
          this.#waiters = this.#waiters.filter((other) => other !== waiter);
          resolve(this.#isQuiesced());
        }),
      };
      this.#waiters.push(waiter);
    });
  }

  /** The account has changed. */
  look(): void {
    if (this.#waiters.length === 0 || !this.#isQuiesced()) return;
    this.#end(true);
  }

  cancel(): void {
    this.#end(false);
  }

  #end(isQuiesced: boolean): void {
    for (const { timer, resolve } of this.#waiters.splice(0)) {
      timer.cancel();
      resolve(isQuiesced);
    }
  }
}
