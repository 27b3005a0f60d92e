/**
 * Limits of the traffic to a venue, with what happens beyond them.
 *
 * @module
 */

/** Requests that wait for the rate budget, over all lanes. Beyond it the newest one of the least important lane below is refused, else the newcomer. */
export const BUDGET_WAITERS = 500;

/** Part of each window that only cancels, protective orders and exits may take. */
export const BUDGET_RESERVED_SHARE = 0.2;

/** How long a request waits for the budget unless it says otherwise; then it is refused. */
export const BUDGET_WAIT_MS = 30_000;

/** Parts that a window is counted in; what was used leaves the count up to one part late, never early. */
export const BUDGET_WINDOW_SLOTS = 60;

/** Silence after a first ban whose length the venue does not tell; doubled for each further one. */
export const BAN_SILENCE_MS = 120_000;

/** Longest silence after a ban whose length the venue does not tell. */
export const BAN_SILENCE_MAX_MS = 259_200_000;

/** How long a ban is remembered: meanwhile entries and data take half of what they may take otherwise. */
export const BAN_MEMORY_MS = 86_400_000;

/** Failures within the window that open a breaker. */
export const BREAKER_FAILURES = 5;

/** Outcomes from which on the share of failures counts; more than half of them opens a breaker. */
export const BREAKER_SAMPLE = 20;

/** Length of a breaker's window. */
export const BREAKER_WINDOW_MS = 30_000;

/** Outcomes that a breaker remembers; the oldest are forgotten first. */
export const BREAKER_OUTCOMES = 256;

/** How long a breaker stays open at first; doubled each time it opens again. */
export const BREAKER_OPEN_MS = 15_000;

/** How long a breaker stays open at most. */
export const BREAKER_OPEN_MAX_MS = 300_000;

/** How long a breaker must have been closed until it opens for the first time again. */
export const BREAKER_HEALTHY_MS = 300_000;

/** Probes in a row that must succeed until a half-open breaker closes. */
export const BREAKER_PROBES = 3;

/** After this time a probe without an outcome counts as failed. */
export const BREAKER_PROBE_MS = 30_000;

/** While something is at risk, a read that looks after it probes an open breaker so often, one at a time; after an answer at once. */
export const BREAKER_RISK_PROBE_MS = 5_000;

/** Samples of the venue's time for one synchronisation; the one with the least round trip counts. */
export const CLOCK_SAMPLES = 5;

/** After this time a sample of the venue's time is given up. */
export const CLOCK_SAMPLE_MS = 5_000;

/** How often the clock is synchronised. */
export const CLOCK_SYNC_MS = 60_000;

/** How often the wall clock is compared with the monotonic one. */
export const CLOCK_WATCH_MS = 1_000;

/** A wall clock that jumps by more is synchronised at once. */
export const CLOCK_JUMP_MS = 1_000;

/** A larger error, or one that cannot be told to within this, stops new orders. */
export const CLOCK_ERROR_MAX_MS = 500;

/** A measurement that is older is no longer known. */
export const CLOCK_AGE_MAX_MS = 180_000;

/** Times that a request is repeated at most. */
export const RETRIES = 3;

/** Longest wait before the first repetition; doubled each time. The wait itself is drawn between 0 and this. */
export const RETRY_BASE_MS = 250;

/** Longest wait before any repetition. */
export const RETRY_MAX_MS = 5_000;
