import { BUDGET_LANES } from "../gateway/port.ts";

/** A request that waits for the budget. */
export interface Waiter {
  /** Place of its lane, 0 for the most important one. */
  rank: number;
  cost: number;
  /** Since when it waits, monotonic. */
  sinceMs: number;
  /** Ends the wait, with an error or without. Called once. */
  settle(error: Error | null): void;
}

/** Waiting requests by lane, first come first served within each. Its owner bounds it. */
export class LaneQueue {
  readonly #lanes: Waiter[][] = BUDGET_LANES.map(() => []);
  #size = 0;

  /** How many wait in all. */
  get size(): number {
    return this.#size;
  }

  /** How many wait in one lane. */
  sizeOf(rank: number): number {
    return this.#lanes[rank]!.length;
  }

  /** The one of a lane that has waited longest, or undefined. */
  head(rank: number): Waiter | undefined {
    return this.#lanes[rank]![0];
  }

  /** Whether somebody waits in this lane or a more important one. */
  hasUpTo(rank: number): boolean {
    if (this.#size === 0) return false;
    for (let lane = 0; lane <= rank; lane++) {
      if (this.#lanes[lane]!.length > 0) return true;
    }
    return false;
  }

  add(waiter: Waiter): void {
    this.#lanes[waiter.rank]!.push(waiter);
    this.#size++;
  }

  /** Takes one out, wherever it is; false where it is gone already. */
  remove(waiter: Waiter): boolean {
    const lane = this.#lanes[waiter.rank]!;
    const index = lane.indexOf(waiter);
    if (index < 0) return false;
    lane.splice(index, 1);
    this.#size--;
    return true;
  }

  /** The newest one of the least important lane below `rank`, or null. */
  newestBelow(rank: number): Waiter | null {
    for (let lane = this.#lanes.length - 1; lane > rank; lane--) {
      const newest = this.#lanes[lane]!.at(-1);
      if (newest !== undefined) return newest;
    }
    return null;
  }

  /** Everybody, most important first. */
  all(): Waiter[] {
    return this.#lanes.flat();
  }
}
