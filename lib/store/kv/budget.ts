import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";

/**
 * The time that one operation may take with all its attempts. It is measured by
 * a timer, because the wall clock may jump.
 */
export class Budget {
  readonly #time: TimeSource;
  readonly #timer: TimeSourceTimer;
  #isSpent = false;
  #onSpent: () => void = () => {};

  constructor(time: TimeSource, budgetMs: number) {
    this.#time = time;
    this.#timer = time.after(budgetMs, () => {
      this.#isSpent = true;
      this.#onSpent();
    });
  }

  /** True when no time is left. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Settles as `work` does, or rejects after `deadlineMs` or when the budget is spent. */
  within<T>(
    work: Promise<T>,
    { deadlineMs, what }: { deadlineMs: number; what: string },
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = () => {
        timer.cancel();
        reject(new Error(`No answer in time to: ${what}`));
      };
      const timer = this.#time.after(deadlineMs, late);
      this.#onSpent = late;
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  /** The operation has ended. */
  end(): void {
    this.#timer.cancel();
  }
}
