import type { Clock } from "./clock.ts";
import { GARBAGE_EVERY_MS } from "./limits.ts";

/** What an engine that was started with `--expose-gc` has. */
interface CollectingScope {
  gc?: () => void;
}

/**
 * Collects this worker's garbage every few minutes. The engine itself waits until
 * a heap is several times what was live when it last looked, which takes an actor
 * that does little hours: a server of many would grow all that time. The worker
 * stands still meanwhile, mostly for 10 to 20 ms. Without the flag this does
 * nothing.
 *
 * @param random In [0, 1): spreads workers that started together.
 */
export function collectGarbage(clock: Clock, random: number): void {
  const { gc } = globalThis as CollectingScope;
  if (gc === undefined) return;
  clock.after(random * GARBAGE_EVERY_MS, () => {
    gc();
    clock.every(GARBAGE_EVERY_MS, () => gc());
  });
}
