import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import {
  xoroshiro128plus,
  xoroshiro128plusFromState,
} from "pure-rand/generator/xoroshiro128plus";

/** A seeded source of randomness. The same seed gives the same numbers on every machine. */
export interface Rng {
  /** A number in [0, 1). */
  next(): number;
  /** The whole state, so that a snapshot can go on exactly where it stopped. */
  getState(): readonly number[];
}

/** Creates a generator (xoroshiro128+) from a 32-bit integer seed, or from a state that `getState` returned. */
export function createRng(seed: number | readonly number[]): Rng {
  const generator = typeof seed === "number"
    ? xoroshiro128plus(seed | 0)
    : xoroshiro128plusFromState(seed);
  return {
    next: () => uniformFloat64(generator),
    getState: () => generator.getState(),
  };
}

/** Derives a 32-bit seed from a text, so that each named stream has its own numbers (FNV-1a). */
export function seedFromText(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
