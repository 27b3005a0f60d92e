import type { Clock, SimulatedClock, Timer } from "../../../actors/mod.ts";
import { MainThread } from "./main_thread.ts";
import { wholeMs } from "./whole_ms.ts";
import type { Trace } from "./trace.ts";

/** Thrown into whatever a process was doing when it died. */
export class ProcessDied extends Error {
  constructor() {
    super("The process died");
    this.name = "ProcessDied";
  }
}

/** What a boot is made of. */
export interface BootOptions {
  /** 1 for the first process. */
  number: number;
  clock: SimulatedClock;
  trace: Trace;
  /** Told once, when the process is gone. */
  onDeath(boot: Boot): void;
  /** Something was thrown that the process would not have survived. */
  onUncaught(error: unknown): void;
}

/**
 * One run of the host process. Everything that is in memory belongs to it: its
 * timers, messages and calls under way end with it, and nothing of it that
 * still runs has any effect outside.
 *
 * Every effect on the outside is a *point*, at which the process may die: a
 * step of a store call, a write, sync or cut of a journal, a timer, the
 * delivery of a message.
 */
export class Boot {
  readonly number: number;
  /** What happens in the main isolate. */
  readonly main: MainThread;
  /** The clock of the main isolate. */
  readonly clock: Clock;
  readonly #options: BootOptions;
  readonly #ends: (() => void)[] = [];
  #isAlive = true;
  #points = 0;
  #dieAt = Infinity;

  constructor(options: BootOptions) {
    this.#options = options;
    this.number = options.number;
    const { clock } = options;
    this.main = new MainThread({
      boot: this,
      clock,
      onUncaught: (error) => {
        options.onUncaught(error);
        this.die();
      },
    });
    this.clock = this.main.clock;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Points passed so far. */
  get points(): number {
    return this.#points;
  }

  /** Calls back when the process dies. */
  onEnd(end: () => void): void {
    this.#ends.push(end);
  }

  /** The process dies when it has passed so many further points. */
  dieAfter(points: number): void {
    this.#dieAt = this.#points + points;
  }

  /** Passes one point; false if the process is dead, or died just now. */
  passes(what: string): boolean {
    if (!this.#isAlive) return false;
    const { trace, clock } = this.#options;
    trace.step(what, clock.monotonicMs());
    this.#points++;
    if (this.#points < this.#dieAt) return true;
    this.die();
    return false;
  }

  /** Calls back later unless the process has died; not a point in itself. */
  later(delayMs: number, run: () => void): Timer {
    return this.#options.clock.after(wholeMs(delayMs), () => {
      if (this.#isAlive) run();
    });
  }

  /** Kill -9. */
  die(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const end of this.#ends.splice(0)) end();
    this.#options.onDeath(this);
  }
}
