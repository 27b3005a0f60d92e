/** Limits of the supervising parent; what happens at each one is said beside it. */

/**
 * Pause before the first restart: positions wait for it, and one death says
 * nothing of the next. Each further one in a row multiplies it, up to the
 * maximum, so that five tries take longer than a hiccup of the machine.
 */
export const RESTART_MIN_MS = 20;
export const RESTART_FACTOR = 4;
export const RESTART_MAX_MS = 30_000;

/** Part of the pause by which it varies either way. */
export const RESTART_JITTER = 0.1;

/**
 * A host that was ready this long had a good start: the pause after its death
 * is the shortest one again. A loop of good starts and deaths is bounded by the
 * crash-loop limit, not by the pause.
 */
export const BACKOFF_RESET_MS = 1_000;

/** Deaths within this time count towards the crash-loop limit, HOST_RESTARTS_MAX. */
export const CRASH_LOOP_WINDOW_MS = 5 * 60_000;

/** A host that was ready this long has worked: the deaths before it no longer count. */
export const HEALTHY_MS = 30_000;

/** How often a starting host is asked whether it answers. */
export const STARTING_PROBE_MS = 500;

/** How often a host that was ready is asked whether it still answers, and how long it may take. */
export const PROBE_EVERY_MS = 5_000;
export const PROBE_DEADLINE_MS = 4_000;

/** Unanswered probes in a row after which the host counts as hung and is ended. */
export const PROBE_MISSES_MAX = 6;

/** A hung host that has not ended this long after SIGTERM is killed. */
export const HANG_KILL_MS = 10_000;

/** A host that is to stop and has not drained after this long is killed. */
export const STOP_KILL_MS = 15_000;
