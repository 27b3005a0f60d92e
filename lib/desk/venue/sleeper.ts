import type { Clock, Timer } from "../../../actors/clock.ts";

/** Waits that end with their owner: after `cancel` none of them goes on. */
export class Sleeper {
  readonly #clock: Clock;
  readonly #timers = new Set<Timer>();
  #isCancelled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms`, or never once `cancel` was called. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isCancelled) return;
      const timer = this.#clock.after(ms, () => {
        this.#timers.delete(timer);
        resolve();
      });
      this.#timers.add(timer);
    });
  }

  cancel(): void {
    this.#isCancelled = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
