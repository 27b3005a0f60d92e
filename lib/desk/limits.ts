/** Bounds of the desk, in one place, with what happens beyond them. */

/** Candles between two marks: a recovery re-reads at most this many candles, and the equity curve has a point for each. */
export const MARK_EVERY_CANDLES = 64;

/** Intent ids remembered against repetition; older ones are denied as late instead. */
export const REMEMBERED_INTENTS = 1024;

/** Steps with events that are kept in memory for an agent that restarts; older ones are read from the journal again. */
export const REMEMBERED_STEPS = 20_000;

/** Points of the equity curve that wait to be reported; beyond it every second one is dropped. */
export const PENDING_POINTS_MAX = 8192;

/** Trades that wait to be reported; beyond it the account processes no further candle until the owner acknowledges. */
export const PENDING_TRADES_MAX = 4096;

/** Trades and equity points in one report. */
export const REPORT_TRADES_MAX = 500;
export const REPORT_POINTS_MAX = 1000;

/** Reports sent and not yet acknowledged; beyond it the next ones wait and are merged. */
export const REPORTS_UNACKNOWLEDGED_MAX = 16;

/** At most five reports a second and account. */
export const REPORT_INTERVAL_MS = 200;

/** How long the market waits for a decision in real time. */
export const DECISION_DEADLINE_MS = 5_000;

/** Decisions that may arrive before the candle they were made on was processed here; more is a defect of the agent. */
export const EARLY_DECISIONS_MAX = 16;

/** Actions in one decision; the rest is denied with ORDER_RATE_LIMIT. */
export const ACTIONS_PER_DECISION_MAX = 64;

/** Written records are on the disk within this time. */
export const SYNC_WITHIN_MS = 5;

/** A disk that refuses a journal is tried again after this time, for as long as it takes. */
export const JOURNAL_RETRY_MS = 1_000;

/**
 * Bytes of records that are kept in memory for one account because they are not
 * on its disk. Beyond it the account stands still: it processes no candle and
 * refuses commands with JOURNAL_UNAVAILABLE until the disk takes them.
 */
export const JOURNAL_KEPT_BYTES_MAX = 1024 * 1024;

/**
 * Bytes of records after which a journal goes on in a new segment. A recovery
 * reads the newest segment only: half of this on average, about 10 ms.
 */
export const SEGMENT_BYTES = 256 * 1024;

/** A segment that could not be started is tried again after so many bytes more. */
export const SEGMENT_RETRY_BYTES = 64 * 1024;

/** Trades that the owner has not stored; with more of them no segment is started, because it would have to begin with them. */
export const SEGMENT_TRADES_MAX = 500;

/**
 * Bytes of ended segments that are kept for an account, for an owner that comes
 * with an older store; beyond, the oldest goes, unless its agent may still start
 * from before its end.
 */
export const ENDED_SEGMENTS_BYTES = 8 * 1024 * 1024;

/** Command ids remembered against repetition, per account; an older one would be carried out again. */
export const REMEMBERED_COMMANDS = 1024;

/** Messages of an agent that are kept for an account that is not open yet: its attachment and its latest decisions; more are dropped and counted. */
export const UNHEARD_MESSAGES_MAX = 16;

/** Candles that may wait for a decision, asked of the feed as its window. */
export const CANDLES_WINDOW = 512;

/** The feed hears what was consumed once in so many candles, well before the window is used up. */
export const CONSUMED_EVERY = 128;

/** Steps told to an agent ahead of its decisions, when it has some to catch up. */
export const STEPS_AHEAD_MAX = 64;

/** Texts of an intent: reasons, and characters of each. What is beyond is cut. */
export const REASONS_MAX = 16;
export const TEXT_CHARACTERS_MAX = 500;

/**
 * Client order sequence numbers that are reserved at once; the next block is
 * reserved when half of one is used. Each costs two questions to the venue after
 * a start, and nothing is entered meanwhile: a block of 64 held entries back for
 * a minute. A smaller one than this would make orders wait for the disk.
 */
export const CLIENT_IDS_BLOCK = 16;

/** The same for an account that has sent thousands of orders within a minute; in between it is an eighth of their number. */
export const CLIENT_IDS_BLOCK_MAX = 256;

/** Earlier blocks of ids that are still asked for at the venue; beyond it the oldest is forgotten. */
export const OPEN_ID_BLOCKS_MAX = 8;

/** Orders that are over and are kept for fills that come late; beyond it the oldest is forgotten, and a later trade of it changes nothing. */
export const ENDED_ORDERS_MAX = 32;

/** Trade ids remembered for one order; beyond it the oldest is forgotten. */
export const ORDER_TRADES_MAX = 4096;

/** A venue lists a payment of funding so much after a later one at most; what is older counts as booked. */
export const FUNDING_LATE_MS = 2 * 3_600_000;

/** Funding payments remembered against repetition, those of more than `FUNDING_LATE_MS`; beyond it the oldest is forgotten. */
export const REMEMBERED_FUNDING = 64;

/** Moments of orders kept for the controls over an hour; beyond it the oldest is forgotten. */
export const ORDER_MOMENTS_MAX = 2048;

/** Stops that may work at once for one position; beyond it the next one waits until one is gone. */
export const WORKING_STOPS_MAX = 3;

/** Stops that a venue may refuse for a reason that passes before the position is closed instead. */
export const STOP_ATTEMPTS_MAX = 3;
