import { assert } from "../../core/assert.ts";
import { BUDGET_WINDOW_SLOTS } from "./limits.ts";

/** A limit of a venue: so much within so long. */
export interface WindowLimit {
  /** Names it in `observe` and in sentences, for instance `weight per minute`. */
  name: string;
  windowMs: number;
  limit: number;
  /** What is counted: the cost of every request, or one for each new order. */
  counts: "weight" | "orders";
}

/**
 * What was used within the last window, counted in slots of a sixtieth. Venues
 * count in windows that begin at moments we cannot know exactly; what fits every
 * window that ends now fits any of them. Constant time, no allocation.
 */
export class SlotWindow {
  readonly limit: WindowLimit;
  readonly #slotMs: number;
  /** One slot more than the window has, for the one that it cuts. */
  readonly #slots = new Float64Array(BUDGET_WINDOW_SLOTS + 1);
  #slot = 0;
  #used = 0;

  constructor(limit: WindowLimit) {
    assert(
      limit.limit >= 1 && limit.windowMs >= BUDGET_WINDOW_SLOTS,
      `Window "${limit.name}" needs a limit of at least 1 and ${BUDGET_WINDOW_SLOTS} ms`,
    );
    this.limit = limit;
    this.#slotMs = limit.windowMs / BUDGET_WINDOW_SLOTS;
  }

  /** Used within the window that ends at `nowMs`, rounded up to whole slots. */
  used(nowMs: number): number {
    const slot = Math.floor(nowMs / this.#slotMs);
    if (slot > this.#slot) this.#advance(slot);
    return this.#used;
  }

  /** Counts `amount` as used now. */
  add(nowMs: number, amount: number): void {
    this.used(nowMs);
    this.#slots[this.#slot % this.#slots.length]! += amount;
    this.#used += amount;
  }

  /** From when on less is used than now; null while nothing is. */
  nextFreeMs(nowMs: number): number | null {
    if (this.used(nowMs) === 0) return null;
    for (let age = BUDGET_WINDOW_SLOTS; age >= 0; age--) {
      const slot = this.#slot - age;
      if (slot >= 0 && this.#slots[slot % this.#slots.length]! > 0) {
        return (slot + this.#slots.length) * this.#slotMs;
      }
    }
    return null;
  }

  #advance(slot: number): void {
    const passed = Math.min(slot - this.#slot, this.#slots.length);
    for (let step = 0; step < passed; step++) {
      const index = (slot - step) % this.#slots.length;
      this.#used -= this.#slots[index]!;
      this.#slots[index] = 0;
    }
    this.#slot = slot;
  }
}
