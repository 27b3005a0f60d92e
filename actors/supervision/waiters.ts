interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** Promises that wait for one and the same fact. */
export class Waiters {
  #waiters: Waiter[] = [];

  /** Waits until the next `resolve` or `reject`. */
  wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
    });
  }

  resolve(): void {
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
  }

  /** The error is made only if somebody waits for it. */
  reject(createError: () => unknown): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(createError());
  }
}
