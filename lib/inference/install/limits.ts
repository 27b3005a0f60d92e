/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** How often a parent looks for a request, and how often who waits looks for its answer. */
export const LOOK_EVERY_MS = 500;

/**
 * How long a request may lie unanswered. Then there is no parent that would
 * fetch the runtime, and who waits is told what to do.
 */
export const UNANSWERED_MS = 10_000;

/** How long the fetching may take. Then it is ended and counts as failed; the next try goes on from what is there. */
export const FETCH_MS_MAX = 10 * 60_000;

/** How often who waits hears that it still waits. */
export const NEWS_EVERY_MS = 2_000;

/** Longest text of what went wrong that is passed on; the rest is left out. */
export const REASON_CHARACTERS = 300;
