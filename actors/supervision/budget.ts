/** How many restarts an actor may use within a window of time. */
export interface BudgetOptions {
  restarts: number;
  windowMs: number;
}

/** Restarts within a sliding window. Pure: time is handed in. */
export class RestartBudget {
  readonly size: number;
  readonly #windowMs: number;
  #usedAtMs: number[] = [];

  constructor(options: BudgetOptions) {
    this.size = options.restarts;
    this.#windowMs = options.windowMs;
  }

  /** Uses one restart; false when none is left. */
  tryUse(nowMs: number): boolean {
    if (this.used(nowMs) >= this.size) return false;
    this.#usedAtMs.push(nowMs);
    return true;
  }

  /** Restarts used in the window that ends at `nowMs`. */
  used(nowMs: number): number {
    this.#usedAtMs = this.#usedAtMs.filter((at) => nowMs - at < this.#windowMs);
    return this.#usedAtMs.length;
  }

  /** Forgets all use, as when a person restarts the actor. */
  reset(): void {
    this.#usedAtMs = [];
  }
}
