/**
 * Limits of what a desk tells risk managers.
 *
 * @module
 */

/** Closes of a market that are kept for risk managers that begin to guard it; the oldest are forgotten. */
export const CLOSES_KEPT = 1_001;

/** Candles that may have come and wait for a decision, kept beside {@link CLOSES_KEPT}: as many as the queue of an account asks for, and one batch. */
export const CLOSES_AHEAD = 1_024;

/** Least time between two messages to a risk manager; what changes meanwhile is told together. */
export const FACTS_EVERY_MS = 100;

/** How often a risk manager hears from a desk where nothing changes, so that silence means something. */
export const FACTS_BEAT_MS = 1_000;
