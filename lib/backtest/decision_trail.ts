import type { DeskAction } from "../contracts/order.ts";
import { seedFromText } from "../core/rng.ts";
import { TRAIL_BLOCKS } from "./limits.ts";

/** Candles of one block of a trail over so many candles. */
export function trailBlock(candles: number): number {
  return Math.max(1, Math.ceil(candles / TRAIL_BLOCKS));
}

/**
 * A running hash over all decisions, kept at the end of each block of candles,
 * so that two runs can be compared up to any of these ends.
 */
export class DecisionTrail {
  readonly #block: number;
  readonly #ends: number[] = [];
  #hash = 0;

  constructor(blockCandles: number) {
    this.#block = blockCandles;
  }

  /** Takes what was decided on a candle; `index` counts the candles from 0. */
  add(index: number, actions: readonly DeskAction[]): void {
    if (actions.length > 0) {
      const text = `${index} ${JSON.stringify(actions)}`;
      this.#hash = seedFromText(text, this.#hash);
    }
    if ((index + 1) % this.#block === 0) this.#ends.push(this.#hash);
  }

  /** The hash at the end of each whole block. */
  get ends(): readonly number[] {
    return this.#ends;
  }
}
