import type { Clock, Timer } from "../../../actors/mod.ts";
import type { Boot } from "./boot.ts";

/** What an isolate is made of. */
export interface IsolateOptions {
  boot: Boot;
  /** Id of its actor. */
  id: string;
  /** An error that nothing in the isolate has caught. */
  onUncaught(error: unknown): void;
}

/**
 * The thread of one incarnation of an actor. Whatever reaches it comes through
 * `enter`, so that it can hang (everything waits, timers included) and die.
 */
export class Isolate {
  readonly boot: Boot;
  /** Of its actor; like the epoch known for certain with its first message. */
  id: string;
  epoch = 0;
  readonly clock: Clock;
  readonly #onUncaught: (error: unknown) => void;
  #isHung = false;
  #isDead = false;
  #waiting: (() => void)[] = [];

  constructor({ boot, id, onUncaught }: IsolateOptions) {
    this.boot = boot;
    this.id = id;
    this.#onUncaught = onUncaught;
    this.clock = {
      nowMs: () => boot.clock.nowMs(),
      monotonicMs: () => boot.clock.monotonicMs(),
      after: (delayMs, run) =>
        boot.later(delayMs, () => this.enter("timer", run)),
      every: (intervalMs, run) => this.#every(intervalMs, run),
    };
  }

  get isDead(): boolean {
    return this.#isDead || !this.boot.isAlive;
  }

  get isHung(): boolean {
    return this.#isHung;
  }

  /** Runs something inside, now or when the isolate goes on. */
  enter(what: string, run: () => void): void {
    if (this.isDead) return;
    if (this.#isHung) {
      this.#waiting.push(() => this.enter(what, run));
      return;
    }
    if (!this.boot.passes(`${this.id}#${this.epoch} ${what}`)) return;
    try {
      run();
    } catch (error) {
      this.#onUncaught(error);
    }
  }

  /** Stands still, as in a busy loop. */
  hang(): void {
    this.#isHung = true;
  }

  /** Goes on with everything that waits, in order. */
  goOn(): void {
    this.#isHung = false;
    for (const run of this.#waiting.splice(0)) run();
  }

  /** Ends for good. */
  die(): void {
    this.#isDead = true;
    this.#waiting = [];
  }

  /** A timer that was blocked fires once, however often it was due. */
  #every(intervalMs: number, run: () => void): Timer {
    let isWaiting = false;
    let isCancelled = false;
    const arm = (): Timer =>
      this.boot.later(intervalMs, () => {
        if (isCancelled || this.isDead) return;
        timer = arm();
        if (isWaiting) return;
        isWaiting = true;
        this.enter("interval", () => {
          isWaiting = false;
          if (!isCancelled) run();
        });
      });
    let timer = arm();
    return {
      cancel() {
        isCancelled = true;
        timer.cancel();
      },
    };
  }
}
