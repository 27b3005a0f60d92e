import type { Clock, Timer } from "./clock.ts";
import { GARBAGE_TIME_SHARE } from "./limits.ts";

/** What an engine that was started with `--expose-gc` has. */
interface CollectingScope {
  gc?: () => void;
}

/** When an isolate collects, and who wants to know. */
export interface GarbageOptions {
  /** Between two collections; more where one takes so long that the isolate would stand still too often. */
  everyMs: number;
  /** In [0, 1): the part of it until the first collection; random where isolates start together. */
  firstAfter: number;
  /** Called right after each collection, when the heap holds what is live. */
  onCollected?(): void;
}

/**
 * Collects the garbage of this isolate again and again, until it is cancelled. The
 * engine itself waits until a heap is several times what was live when it last
 * looked, which takes an actor that does little hours: a server of many would grow
 * all that time. The isolate stands still meanwhile. Without the flag this does
 * nothing: null.
 */
export function collectGarbage(
  clock: Clock,
  { everyMs, firstAfter, onCollected }: GarbageOptions,
): Timer | null {
  const { gc } = globalThis as CollectingScope;
  if (gc === undefined) return null;
  const collect = () => {
    const begunMs = clock.monotonicMs();
    gc();
    const tookMs = clock.monotonicMs() - begunMs;
    onCollected?.();
    timer = clock.after(
      Math.max(everyMs, tookMs / GARBAGE_TIME_SHARE),
      collect,
    );
  };
  let timer = clock.after(firstAfter * everyMs, collect);
  return { cancel: () => timer.cancel() };
}
