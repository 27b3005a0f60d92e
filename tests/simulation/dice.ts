/** Draws of a scenario. Pure. */
import { createRng } from "../../lib/core/rng.ts";

/** Draws of one scenario. */
export class Dice {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = createRng(seed).next;
  }

  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1));
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  of<T>(values: readonly T[]): T {
    return values[this.between(0, values.length - 1)]!;
  }
}
