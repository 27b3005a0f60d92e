/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** Stretches of an equity curve; each keeps its first, last, highest and lowest point. */
export const CURVE_STRETCHES = 500;

/** Trades that a run keeps; a run with more fails with a sentence, so that it cannot fill the memory. */
export const RUN_TRADES_MAX = 1_000_000;

/** Votes of models that a run keeps for its replay, 24 bytes each; with more it keeps none, and has no replay. */
export const RECORDED_VOTES_MAX = 300_000;

/** Trades of a report; the rest is counted in `tradesLeftOut`. */
export const REPORT_TRADES_MAX = 5_000;

/** Blocks of candles at whose ends the decisions of a run are hashed, for the look-ahead check. */
export const TRAIL_BLOCKS = 1_024;

/** Candles before a test part that its agent sees without trading; the longest memory of a detector is about twice its zone age. */
export const WARM_UP_CANDLES = 1_024;

/** Fewest candles of a walk-forward part; shorter folds are refused with a sentence. */
export const FOLD_CANDLES_MIN = 50;

/** Most workers of a pool, whatever the machine has. */
export const WORKERS_MAX = 16;

/** Least time between two reports of progress. */
export const PROGRESS_MS = 200;

/** A worker that has not been heard of for so long counts as failed; it beats once a second. */
export const WORKER_SILENCE_MS = 60_000;
