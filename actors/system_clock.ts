import type { Clock } from "./clock.ts";

/** The real clock. This is the only file of the runtime that touches `Date`, `performance` or timers. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  preciseMs: () => performance.timeOrigin + performance.now(),
  after(delayMs, callback) {
    const id = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(id) };
  },
  every(intervalMs, callback) {
    const id = setInterval(callback, intervalMs);
    return { cancel: () => clearInterval(id) };
  },
};
