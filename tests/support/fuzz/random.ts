/** Draws from a seed, so that a case can be made again. */
export interface Draw {
  /** From 0 to `limit` − 1. */
  below(limit: number): number;
  chance(share: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

/** Mulberry32: small, fast, and good enough to find faults. */
export function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    below: (limit) => Math.floor(next() * limit),
    chance: (share) => next() < share,
    pick: (choices) => choices[Math.floor(next() * choices.length)]!,
  };
}
