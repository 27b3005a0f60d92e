/** Limits of live market data. What happens at each limit is said beside it. */

/** Longest wait for a connection with its list of markets; then it counts as failed. */
export const CONNECT_MS_MAX = 30_000;

/** Longest wait for an answer of a venue; then it counts as failed. */
export const LIVE_ANSWER_MS_MAX = 15_000;

/** Longest wait of who opens a stream; then the opening is refused, and connecting goes on. */
export const OPEN_ANSWER_MS_MAX = 8_000;

/** First pause before connecting again; it doubles, and chance takes a part of it off. */
export const RECONNECT_PAUSE_MS_MIN = 500;

/** Longest pause before connecting again, unless the venue asks for a longer one. */
export const RECONNECT_PAUSE_MS_MAX = 60_000;

/** Longest pause that a venue may ask for; a longer one is cut to this. */
export const RETRY_AFTER_MS_MAX = 600_000;

/** Attempts at one page of candles before the connection counts as broken. */
export const LIVE_PAGE_ATTEMPTS_MAX = 3;

/** A connection is made anew after so long, because venues cut it after 24 hours and the library gathers memory. */
export const CONNECTION_MS_MAX = 23 * 3_600_000;

/** Chance shortens the life of a connection by up to this, so that not all end at once. */
export const CONNECTION_SPREAD_MS = 3_600_000;

/** Without data for so long, consumers and owner are told; a shorter break is none. */
export const STALE_AFTER_MS = 2_000;

/** Shortest silence of a stream of candles after which the venue is asked whether there was anything to say. */
export const CANDLE_SILENCE_MS_MIN = 15_000;

/** The same of best prices. */
export const QUOTE_SILENCE_MS_MIN = 5_000;

/** Longest time between two such questions, however quiet the market is. */
export const SILENCE_MS_MAX = 60_000;

/** A mark price that is older counts as unknown. */
export const MARK_AGE_MS_MAX = 15_000;

/** A candle without a next one is over so long after its end by the venue's clock. */
export const CLOSE_GRACE_MS = 2_000;

/** Pause before a candle is asked for again that the venue's history does not have in full yet. */
export const CATCH_UP_PAUSE_MS = 500;

/** How often it is asked for again; then what the history says holds. */
export const CATCH_UP_ATTEMPTS_MAX = 5;

/** Candles of one market that are kept for those who come later or again; the oldest go. */
export const LIVE_CANDLES_MAX = 20_000;

/** Candles that are fetched when a market is opened; consumers that want older ones get them then. */
export const OPENING_CANDLES = 600;

/** A stream that nobody reads is closed after so long. */
export const LIVE_STREAM_IDLE_MS = 60_000;

/** The list of markets is read anew after so long. */
export const MARKETS_MS_MAX = 24 * 3_600_000;

/** Open candles whose size in the stream is remembered, to see whether the history is behind; the oldest are forgotten. */
export const OPEN_CANDLES_REMEMBERED = 4;
