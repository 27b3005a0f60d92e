/** Limits of importing and downloading candles. What happens at each limit is said beside it. */

/** Lines that may come before the line of column names; without one in them the file is refused. */
export const HEADER_LINES_MAX = 10;

/** Longest line of a file to import, in characters; a longer one is refused. */
export const IMPORT_LINE_CHARACTERS_MAX = 8_192;

/** Wrong rows that are told one by one; the others are counted. */
export const IMPORT_PROBLEMS_MAX = 20;

/** Gaps that a report names, the longest first; the others are counted. */
export const REPORT_GAPS_MAX = 10;

/** Jumps that a report names, the first ones; the others are counted. */
export const REPORT_JUMPS_MAX = 10;

/** A candle that goes further than this from the close before is told as a jump. */
export const JUMP_PCT_MIN = 50;

/** Attempts at the first answers of a venue; somebody waits at the screen. */
export const OPENING_ATTEMPTS_MAX = 3;

/** Attempts at one page of candles; then the download ends with what it has. */
export const PAGE_ATTEMPTS_MAX = 6;

/** First pause before another attempt; it doubles. */
export const RETRY_PAUSE_MS_MIN = 1_000;

/** Longest pause before another attempt, also where a venue asks for a longer one: then the download ends. */
export const RETRY_PAUSE_MS_MAX = 300_000;

/** Longest wait for a venue to begin an answer; then it counts as failed. */
export const VENUE_TIMEOUT_MS = 15_000;

/** Longest wait for a whole answer, which ccxt does not bound; then it counts as failed. */
export const VENUE_ANSWER_MS_MAX = 60_000;

/** Candles asked for at once where a venue does not say how many it gives. */
export const PAGE_CANDLES_DEFAULT = 500;
