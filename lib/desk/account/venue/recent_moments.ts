import type { EpochMs } from "../../../contracts/primitives.ts";
import { ORDER_MOMENTS_MAX } from "../../limits.ts";

/** How they are kept. */
export interface RecentMomentsOptions<T> {
  atOf(item: T): EpochMs;
  /** How long before the newest one they are kept. */
  windowMs: number;
}

/**
 * What happened lately, the newest at the end. Adding copies nothing, and
 * counting looks at a few of them however many there are, as long as time went
 * on: clocks may go back a little, after which every one is looked at.
 */
export class RecentMoments<T> {
  readonly #options: RecentMomentsOptions<T>;
  #items: T[];
  #newestAt = -Infinity;
  #isInOrder = true;

  constructor(items: readonly T[], options: RecentMomentsOptions<T>) {
    this.#options = options;
    this.#items = [];
    for (const item of items) this.add(item);
  }

  add(item: T): void {
    const at = this.#options.atOf(item);
    if (at < this.#newestAt) this.#isInOrder = false;
    else this.#newestAt = at;
    this.#items.push(item);
    if (this.#items.length >= 2 * ORDER_MOMENTS_MAX) this.#items = this.kept();
  }

  /** Those within the window before the newest one, and no more than there is room for. */
  kept(): T[] {
    return this.#after(this.#newestAt - this.#options.windowMs)
      .slice(-ORDER_MOMENTS_MAX);
  }

  /** Those within the window before `now`. */
  before(now: EpochMs): readonly T[] {
    return this.#after(now - this.#options.windowMs);
  }

  /** How many there are within the window before `now`. */
  countBefore(now: EpochMs): number {
    const atMs = now - this.#options.windowMs;
    return this.#isInOrder
      ? this.#items.length - this.#firstAfter(atMs)
      : this.#after(atMs).length;
  }

  #after(atMs: EpochMs): T[] {
    const { atOf } = this.#options;
    return this.#isInOrder
      ? this.#items.slice(this.#firstAfter(atMs))
      : this.#items.filter((item) => atOf(item) > atMs);
  }

  /** Index of the first one after a moment, by halving. */
  #firstAfter(atMs: EpochMs): number {
    const { atOf } = this.#options;
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (atOf(this.#items[middle]!) > atMs) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
