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
  readonly #onLeft: () => void;
  #waiters: Waiter[] = [];
  #isLeftTold = false;

  /** `onLeft` hears that something is left after the deadline, once however often it is waited for. */
  constructor(
    clock: Clock,
    { isQuiesced, onLeft }: { isQuiesced(): boolean; onLeft(): void },
  ) {
    this.#clock = clock;
    this.#isQuiesced = isQuiesced;
    this.#onLeft = onLeft;
  }

  /** Resolves with true as soon as nothing is left, with false after the deadline or `cancel`. */
  wait(): Promise<boolean> {
    if (this.#isQuiesced()) {
      this.#isLeftTold = false;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const waiter: Waiter = {
        resolve,
        timer: this.#clock.after(QUIESCE_WITHIN_MS, () => this.#late(waiter)),
      };
      this.#waiters.push(waiter);
    });
  }

  /** The account has changed. */
  look(): void {
    if (this.#waiters.length === 0 || !this.#isQuiesced()) return;
    this.#isLeftTold = false;
    this.#end(true);
  }

  cancel(): void {
    this.#end(false);
  }

  #late(waiter: Waiter): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    const isQuiesced = this.#isQuiesced();
    if (!isQuiesced && !this.#isLeftTold) this.#onLeft();
    this.#isLeftTold = !isQuiesced;
    waiter.resolve(isQuiesced);
  }

  #end(isQuiesced: boolean): void {
    for (const { timer, resolve } of this.#waiters.splice(0)) {
      timer.cancel();
      resolve(isQuiesced);
    }
  }
}
