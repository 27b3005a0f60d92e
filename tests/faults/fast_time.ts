import type { TimeSource } from "../../lib/core/time.ts";
import { systemTime } from "../lib/store/support.ts";

/**
 * Time that passes faster for who waits, so that a deadline against a real
 * socket costs a test no seconds. What time it is does not change.
 */
export function fastTime(speed: number): TimeSource {
  return {
    nowMs: () => systemTime.nowMs(),
    after: (delayMs, run) => systemTime.after(delayMs / speed, run),
    every: (intervalMs, run) => systemTime.every(intervalMs / speed, run),
  };
}
