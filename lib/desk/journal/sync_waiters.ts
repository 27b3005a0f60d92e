interface Waiter {
  count: number;
  /** Whether it wants to hear at once that the disk refuses. */
  isImpatient: boolean;
  resolve: (isSynced: boolean) => void;
}

/** Those who wait until a number of records is on the disk. */
export class SyncWaiters {
  #waiters: Waiter[] = [];

  get isEmpty(): boolean {
    return this.#waiters.length === 0;
  }

  wait(count: number, options: { isImpatient: boolean }): Promise<boolean> {
    return new Promise((resolve) =>
      void this.#waiters.push({ ...options, count, resolve })
    );
  }

  /** Records up to `count` are on the disk. */
  synced(count: number): void {
    this.#answer((waiter) => waiter.count <= count, true);
  }

  /** The disk refuses: the impatient hear it. */
  failed(): void {
    this.#answer(({ isImpatient }) => isImpatient, false);
  }

  /** Nothing comes to the disk any more. */
  closed(): void {
    this.#answer(() => true, false);
  }

  #answer(isMeant: (waiter: Waiter) => boolean, isSynced: boolean): void {
    const meant = this.#waiters.filter(isMeant);
    this.#waiters = this.#waiters.filter((waiter) => !isMeant(waiter));
    for (const { resolve } of meant) resolve(isSynced);
  }
}
