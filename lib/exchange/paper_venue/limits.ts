/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** Age from which a quote is no price any more: nothing is filled at it. */
export const QUOTE_STALE_MS = 10_000;

/** Most open orders of one paper venue; a further one is rejected with `TOO_MANY_ORDERS`. */
export const OPEN_ORDERS_MAX = 200;

/** Orders that are over and can still be asked for; the oldest is forgotten first. */
export const ENDED_ORDERS_KEPT = 1_000;

/** Own trades that can still be asked for; the oldest is forgotten first. */
export const TRADES_KEPT = 10_000;

/** Funding payments that can still be asked for; the oldest is forgotten first. */
export const FUNDINGS_KEPT = 1_000;

/** Funding times that one quote settles at most (a month); older ones are left out. */
export const FUNDING_TIMES_MAX = 93;

/** Most requests on their way to the book; a further one is answered `rate_limited`. */
export const REQUESTS_MAX = 1_000;

/** Most news on their way back. Beyond it they are dropped and the listeners hear `disconnected` and `connected`. */
export const NEWS_MAX = 10_000;

/** Most listeners of one paper venue; a further one is a defect. */
export const WATCHERS_MAX = 16;

/** Highest leverage that can be prepared; more is refused. */
export const LEVERAGE_MAX = 125;
