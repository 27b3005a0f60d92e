/**
 * Simulated time beside real files. A disk that takes long would let minutes of
 * simulated time pass in one wait for it, and every deadline with them.
 */
import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../../actors/mod.ts";
import { setImmediate } from "node:timers";

/** A simulated clock that stands still while something waits for the disk. */
export interface DiskClock {
  clock: SimulatedClock;
  /** Lets the time stand until this has ended; the same in every other way. */
  standing<T>(work: Promise<T>): Promise<T>;
}

/** Creates one that starts on 1 January 2026. */
export function createDiskClock(): DiskClock {
  const working = new Set<Promise<unknown>>();
  const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
  const settle = async () => {
    await turn();
    while (working.size > 0) {
      // deno-lint-ignore no-await-in-loop -- what has ended may begin the next
      await Promise.allSettled(working);
      // deno-lint-ignore no-await-in-loop -- as above
      await turn();
    }
  };
  return {
    clock: createSimulatedClock({ startMs: Date.UTC(2026, 0, 1), settle }),
    standing(work) {
      const over = work.then(() => {}, () => {}).then(() => {
        working.delete(over);
      });
      working.add(over);
      return work;
    },
  };
}

/** Files of which every method takes its time from the disk: none passes meanwhile. */
export function standingFiles<T extends object>(
  { standing }: Pick<DiskClock, "standing">,
  files: T,
): T {
  const methods = Object.entries(files).map(([name, call]) => [
    name,
    (...args: unknown[]) => standing(call(...args)),
  ]);
  return Object.fromEntries(methods) as T;
}
