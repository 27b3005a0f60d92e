/**
 * Every limit of the decision engine.
 *
 * @module
 */

/**
 * Time of a model's run, in ms, above which its vote is a failure where prices
 * are live. Elsewhere the market waits, and the load of the machine must not
 * change a trade.
 */
export const INFERENCE_SLOW_MS = 50;

/** Failures in a row after which a model counts as broken until it is loaded anew. */
export const MODEL_FAILURES_MAX = 3;

/** Decisions that an engine remembers, abstentions included; the oldest is forgotten. */
export const DECISIONS_KEPT = 100;

/** Most unusual inputs that a decision names. */
export const UNUSUAL_INPUTS = 3;

/** Candles for which an entry at a limit rests. */
export const LIMIT_WAIT_CANDLES = 2;

/** Rows that an engine remembers: the longest window that a model may have. The oldest is forgotten. */
export const ROWS_KEPT = 256;
