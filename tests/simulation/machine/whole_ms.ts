/** Real timers count whole milliseconds. Parts of one would let rounding errors keep the time from moving. */
export function wholeMs(delayMs: number): number {
  return Math.ceil(delayMs);
}
