/** Largest time that a Date can hold; no candle opens later. */
export const EPOCH_MS_MAX = 8.64e15;

/** Tells whether the six numbers at `at` of a packed batch are a candle that opens after `lastOpenAt`. */
export function isCandleRow(
  packed: Float64Array,
  at: number,
  lastOpenAt: number,
): boolean {
  const openAt = packed[at]!, open = packed[at + 1]!, high = packed[at + 2]!;
  const low = packed[at + 3]!, close = packed[at + 4]!;
  const volume = packed[at + 5]!;
  // NaN fails every comparison, so no column needs its own test for it.
  return Number.isInteger(openAt) && openAt > lastOpenAt &&
    Math.abs(openAt) <= EPOCH_MS_MAX && low > 0 && high < Infinity &&
    low <= open && low <= close && high >= open && high >= close &&
    volume >= 0 && volume < Infinity;
}
