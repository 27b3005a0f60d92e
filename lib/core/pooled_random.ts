/** How many numbers one call of the source fills: an id takes sixteen. */
const POOL_WORDS = 256;

/**
 * Randomness in [0, 1) of 32 bits, drawn from `fill` many at a time: a call of
 * the system costs more than an id is worth.
 */
export function createPooledRandom(
  fill: (words: Uint32Array<ArrayBuffer>) => void,
): () => number {
  const words = new Uint32Array(POOL_WORDS);
  let next = POOL_WORDS;
  return () => {
    if (next === POOL_WORDS) {
      fill(words);
      next = 0;
    }
    return words[next++]! / 2 ** 32;
  };
}
