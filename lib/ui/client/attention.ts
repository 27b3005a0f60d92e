/**
 * A page that is looked at keeps its login alive, also where the live stream
 * brings everything by itself: the stream alone counts as no use.
 *
 * @module
 */

/** How often a page that is looked at says so; a login ends after 30 minutes without use. */
const SAY_EVERY_MS = 5 * 60_000;

/** What the page offers for this. */
export interface AttentionOptions {
  isLookedAt: () => boolean;
  /** Calls back when somebody begins or ends to look. The answer ends that. */
  onLook: (callback: () => void) => () => void;
  /** Calls back once. The answer cancels it. */
  schedule: (ms: number, run: () => void) => () => void;
  now: () => number;
  /** Tells the server. What fails is told again later. */
  say: () => Promise<unknown>;
}

/** Tells the server from time to time while the page is looked at. The answer ends that. */
export function payAttention(options: AttentionOptions): () => void {
  const { isLookedAt, onLook, schedule, now, say } = options;
  let saidAt = now();
  let cancel = () => {};
  const look = () => {
    cancel();
    if (!isLookedAt()) return;
    if (now() - saidAt >= SAY_EVERY_MS) {
      saidAt = now();
      void say().catch(() => {});
    }
    cancel = schedule(saidAt + SAY_EVERY_MS - now(), look);
  };
  const leave = onLook(look);
  look();
  return () => {
    leave();
    cancel();
  };
}
