import type { Clock, SimulatedClock, Timer } from "../../../actors/mod.ts";
import type { Boot } from "./boot.ts";
import { wholeMs } from "./whole_ms.ts";

/** What the main isolate is made of. */
export interface MainThreadOptions {
  boot: Boot;
  clock: SimulatedClock;
  /** An error that nothing in the isolate has caught, which ends the process. */
  onUncaught(error: unknown): void;
}

/**
 * The main isolate of a process. It may stall, as in a long computation or
 * collection of garbage: its timers and what it is told wait, while the threads
 * of the actors go on and the database works.
 */
export class MainThread {
  readonly clock: Clock;
  readonly #options: MainThreadOptions;
  readonly #waiting: (() => void)[] = [];
  #isStalled = false;
  #isGoingOn = false;

  constructor(options: MainThreadOptions) {
    this.#options = options;
    const { clock } = options;
    this.clock = {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs(),
      after: (delayMs, run) => this.#after(delayMs, run),
      every: (intervalMs, run) => this.#every(intervalMs, run),
    };
  }

  /** Runs something inside, now or when the isolate goes on. A point. */
  enter(what: string, run: () => void): void {
    if (this.#isStalled) this.#waiting.push(() => this.#run(what, run));
    else this.#run(what, run);
  }

  /** Stands still. */
  stall(): void {
    this.#isStalled = true;
  }

  /** Goes on with everything that waits, in order, each as a turn of its own; what comes meanwhile waits behind it. */
  goOn(): void {
    if (!this.#isStalled || this.#isGoingOn) return;
    this.#isGoingOn = true;
    this.#next();
  }

  #run(what: string, run: () => void): void {
    const { boot, onUncaught } = this.#options;
    if (!boot.passes(what)) return;
    try {
      run();
    } catch (error) {
      onUncaught(error);
    }
  }

  #next(): void {
    const run = this.#waiting.shift();
    if (run === undefined) {
      this.#isStalled = false;
      this.#isGoingOn = false;
      return;
    }
    this.#options.boot.later(0, () => {
      run();
      this.#next();
    });
  }

  #after(delayMs: number, run: () => void): Timer {
    let isCancelled = false;
    const timer = this.#options.clock.after(
      wholeMs(delayMs),
      () =>
        this.enter("main timer", () => {
          // It was due during a stall, and something that waited with it has cancelled it.
          if (!isCancelled) run();
        }),
    );
    return {
      cancel() {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  /** A timer that was blocked fires once, however often it was due. */
  #every(intervalMs: number, run: () => void): Timer {
    let isWaiting = false;
    let isCancelled = false;
    const timer = this.#options.clock.every(intervalMs, () => {
      if (isWaiting) return;
      isWaiting = true;
      this.enter("main timer", () => {
        isWaiting = false;
        if (!isCancelled) run();
      });
    });
    return {
      cancel() {
        isCancelled = true;
        timer.cancel();
      },
    };
  }
}
