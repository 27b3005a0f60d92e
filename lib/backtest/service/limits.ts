/** Limits of backtests on a server; what happens at each one is said beside it. */

/** Runs of one user that wait or run; one more is refused. */
export const OPEN_RUNS_PER_USER = 5;

/** Runs of all users that wait or run; one more is refused. */
export const OPEN_RUNS_IN_ALL = 20;

/** Least time between two progress events of a run; what comes between is left out. */
export const PROGRESS_EVERY_MS = 250;

/** Reports kept in memory; the one that was not read for longest is let go of. */
export const REPORTS_KEPT = 4;

/** Candle series kept in memory for charts and replays; a file can have millions of rows. */
export const SERIES_KEPT = 1;

/** Longest run whose candles are read again for charts: about 100 MB; a longer one is refused. */
export const SERIES_CANDLES = 2_000_000;

/** Most candles of one answer; a larger `limit` is refused. */
export const CANDLES_PER_ANSWER = 1_000;

/** Characters of a reason that is shown; the rest is cut. */
export const DETAIL_CHARACTERS = 400;

/** Runs kept in memory for stepping through them; the one that was not read for longest is let go of. */
export const TAPES_KEPT = 2;

/** Longest run that can be stepped through; a longer one is refused. */
export const REPLAY_CANDLES = 200_000;

/** States of the agent that a tape keeps to go back to; they are spread over the run. */
export const TAPE_SNAPSHOTS = 50;

/** Points of the equity curve that a tape keeps, besides those at events; they are spread over the run. */
export const TAPE_EQUITY_POINTS = 10_000;

/** Candles that a chart of a replay shows. */
export const REPLAY_CHART_CANDLES = 300;
