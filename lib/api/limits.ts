/** Limits of the API; what happens at each one is said beside it. */

/** A larger body is refused with 413 before it is read to its end. */
export const MAX_BODY_BYTES = 64 * 1024;

/**
 * An answer that has not begun by then becomes a 503; what was begun goes on. The
 * test of an exchange key is the slowest of all, and may take half a minute.
 */
export const HANDLER_DEADLINE_MS = 45_000;

/** Rate buckets kept in memory; the one that was not used for longest is forgotten. */
export const MAX_RATE_BUCKETS = 10_000;

/** Longest page of a list; a larger `limit` is refused. */
export const MAX_PAGE_ITEMS = 200;
export const DEFAULT_PAGE_ITEMS = 100;

/** Reads of the log for one page of an agent's desk records; what is short then has a cursor. */
export const MAX_RECORD_READS = 8;

/** Page of a configuration's history where no `limit` is given: whole configurations are in it. */
export const DEFAULT_HISTORY_ITEMS = 20;

/** Agents of a batch that are commanded at the same time; the others wait. */
export const BATCH_PARALLEL = 8;

/** Most candles of one chart answer; a larger `limit` is refused. */
export const MAX_CHART_CANDLES = 600;

/** Lines that an export reads from the store at once. */
export const EXPORT_PAGE_LINES = 200;

/** Longest Idempotency-Key; a longer one is refused with 400. */
export const MAX_IDEMPOTENCY_KEY_CHARACTERS = 128;

/** Field errors in one problem; the rest is left out. */
export const MAX_FIELD_ERRORS = 50;

/** Characters of an unexpected error that go to the log. */
export const MAX_LOGGED_ERROR_CHARACTERS = 4_000;

/** Seconds that a client is told to wait when the server cannot say better. */
export const DEFAULT_RETRY_AFTER_SECONDS = 1;
export const DRAINING_RETRY_AFTER_SECONDS = 5;

/** A body that has not arrived after this time is given up with 408. */
export const BODY_READ_MS = 10_000;

/** Requests of one address that are being answered at once; one more is refused with 429. */
export const MAX_UNDERWAY_PER_ADDRESS = 256;

/** A larger report of a refused script, style or address is refused with 413. */
export const MAX_CSP_REPORT_BYTES = 8 * 1024;

/** Reports a second that one address may send for long, and at once; more are refused with 429. */
export const CSP_REPORTS_PER_SECOND = 1;
export const CSP_REPORT_BURST = 20;

/** Characters of each part of a report that go to the log. */
export const MAX_CSP_REPORT_PART_CHARACTERS = 200;

/** Characters of a foreign origin that the audit trail keeps; the rest is cut. */
export const MAX_TOLD_ORIGIN = 200;
