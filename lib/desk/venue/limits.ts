/** Bounds of the driver, in one place, with what happens beyond them. */

/** How often the driver looks what is due. */
export const TICK_MS = 1_000;

/** An order without an answer is unknown after this time; above every time-out of a gateway. */
export const CREATE_DEADLINE_MS = 20_000;

/** A read without an answer has failed after this time. */
export const READ_DEADLINE_MS = 20_000;

/** Weight of the newest request in the usual round trip. */
export const ROUND_TRIP_WEIGHT = 0.2;

/** How long a read waits for the rate budget; then it fails. */
export const READ_QUEUE_MS = 15_000;

/**
 * How long an entry waits for the rate budget; then it is dropped, because its
 * market is not the one it was decided on.
 */
export const ENTRY_QUEUE_MS = 10_000;

/**
 * How long an exit of a perpetual waits for the first read of orders and trades;
 * then it goes out, because it can only reduce. On spot it waits until they are read.
 */
export const EXIT_UNREAD_MS = 5_000;

/** An order that is not dropped for its age asks the rate budget again after this time. */
export const QUEUE_RETRY_MS = 500;

/** Waits between two withdrawals of the same order: the first, and the longest. */
export const CANCEL_REPEAT_MS = 1_000;
export const CANCEL_REPEAT_MAX_MS = 10_000;

/** Waits between two looks for an order whose outcome is unknown: the first, the longest, and the longest where nothing can prove its absence. */
export const RESOLVE_EVERY_MS = 1_000;
export const RESOLVE_EVERY_MAX_MS = 5_000;
export const RESOLVE_UNPROVEN_MAX_MS = 30_000;

/** Two answers that prove an absence are at least so far apart, because what a venue reads from may lag behind. */
export const ABSENCE_APART_MS = 5_000;

/** Time after a start within which an order that the journal lost may still arrive, where the venue's profile proves none. */
export const LOST_ORDER_MS = 30_000;

/** Where nothing proves an absence, the operator is told after this time. */
export const UNPROVEN_ALERT_MS = 30_000;

/** A person may call an order absent when the venue has said for so long that it does not know it. */
export const SETTLE_AFTER_MS = 60_000;

/** Longest wait for the venue's last word before that; then it is refused. */
export const SETTLE_LOOK_MS_MAX = 8_000;

/** Fills that the venue counts and does not list are asked for so often. */
export const FETCH_TRADES_EVERY_MS = 1_000;
export const FETCH_TRADES_MAX_MS = 10_000;

/** What was touched within this time is left alone by reconciliation: news of it may be under way. */
export const TOUCHED_MS = 5_000;

/** Orders in flight are looked at so often, those older than `TOUCHED_MS`. */
export const IN_FLIGHT_EVERY_MS = 2_000;

/** Open orders, the drop-copy of trades, positions with balances, and funding are read so often. */
export const OPEN_ORDERS_EVERY_MS = 7_000;
export const TRADES_EVERY_MS = 30_000;
export const HOLDINGS_EVERY_MS = 45_000;
export const FUNDING_EVERY_MS = 60_000;

/** A drop-copy begins so long before the newest trade that is known, because trades may be listed late. */
export const TRADES_OVERLAP_MS = 60_000;

/** Trades of one order are looked for so long before it was sent, because the time in the journal may come from a wall clock that had jumped. */
export const WALL_CLOCK_DOUBT_MS = 2 * 3_600_000;

/**
 * Trades of a lost order are looked for so long before its last change where the
 * venue does not tell when it was placed; older ones stay unknown, and the
 * position is then a difference.
 */
export const LOST_TRADES_MS = 30 * 86_400_000;

/** They are looked for so far back at most, however long ago the order was placed; venues list hardly more. */
export const LOST_TRADES_MAX_MS = 180 * 86_400_000;

/** Without a payment of funding it is asked for from so much later on the next time: the rest may have been on a page that was full. */
export const FUNDING_STEP_MS = 7 * 86_400_000;

/** Trades whose ids are remembered to notice what the stream did not tell; the oldest go. */
export const REMEMBERED_TRADES = 2_048;

/** Orders at the venue whose owner is remembered; the oldest go and are asked for again. */
export const REMEMBERED_OWNERS = 1_024;

/** A trade that the stream has not told within this time was missed: the stream is begun anew. */
export const STREAM_LATE_MS = 15_000;

/** Waits before a failed reconciliation is tried again: the first and the longest. */
export const RECONCILE_RETRY_MS = 1_000;
export const RECONCILE_RETRY_MAX_MS = 30_000;

/** While something is at risk, a check that got no answer, or that an open breaker held back, is made again after this time at most. */
export const RISK_RETRY_MS = 5_000;

/** A difference must be seen again after this time before it counts. */
export const DRIFT_APART_MS = 5_000;

/** Looks at a position that moves, in a whole reconciliation; then all of it begins again. */
export const SURE_LOOKS_MAX = 4;

/** A position whose entry is filled must be protected within this time, or it is closed. */
export const PROTECT_WITHIN_MS = 3_000;

/** The venue's own switch is set so often, to so much. */
export const CANCEL_AFTER_EVERY_MS = 15_000;
export const CANCEL_AFTER_MS = 60_000;

/** A clock that is further off than this takes no entries. */
export const CLOCK_ERROR_MAX_MS = 500;

/** The wall clock jumped when it moved so much more or less than the time that went by. */
export const CLOCK_JUMP_MAX_MS = 1_000;

/** Failed synchronisations are repeated so often. */
export const CLOCK_RETRY_MS = 1_000;

/** Prices older than so many usual gaps are stale, but never before the second figure. */
export const QUOTE_GAPS_MAX = 3;
export const QUOTE_STALE_MS = 5_000;

/** Weight of the newest gap in the usual one. */
export const QUOTE_GAP_WEIGHT = 0.05;

/** Foreign orders that are shown; more are counted. */
export const FOREIGN_ORDERS_MAX = 100;

/** Orders and requests of the last minute that are counted; the oldest go. */
export const COUNTED_PER_MINUTE_MAX = 10_000;

/** A quiesced account answers after this time with what is left. */
export const QUIESCE_WITHIN_MS = 8_000;
