/** Bounds of the fake venue, with what happens beyond them. */

/** Entries of the ledger, oldest dropped; balances keep counting. */
export const LEDGER_ENTRIES_MAX = 100_000;

/** Orders and trades of one market kind, oldest finished ones dropped. */
export const ORDERS_KEPT_MAX = 50_000;
export const TRADES_KEPT_MAX = 100_000;

/** Open orders of one symbol, and waiting stops among them; more are refused, as the filters MAX_NUM_ORDERS and MAX_NUM_ALGO_ORDERS do. */
export const OPEN_ORDERS_MAX = 200;
export const STOPS_MAX = { spot: 5, futures: 10 } as const;

/** Lines of the fault log, of the request log and of rate violations, oldest dropped. */
export const FAULT_LOG_MAX = 20_000;
export const REQUEST_LOG_MAX = 20_000;
export const VIOLATIONS_MAX = 10_000;

/** Streams on one connection; more are refused. Binance allows 1024. */
export const STREAMS_PER_CONNECTION_MAX = 1_024;

/** Bytes that wait for a client that does not read; then its connection is cut. */
export const STREAM_BACKLOG_BYTES_MAX = 4_000_000;

/** Rows of one answer, as at Binance. */
export const ROWS_MAX = 1_000;
export const ROWS_DEFAULT = 500;
export const KLINES_MAX = 1_500;

/** Minutes of history before the venue started. */
export const HISTORY_MINUTES = 40_320;

/** Longest life of the process, so that none is left behind. */
export const PROCESS_LIFE_MS_MAX = 4 * 3_600_000;

/** Validity of a signed request that names none, and the longest. */
export const RECV_WINDOW_MS_DEFAULT = 5_000;
export const RECV_WINDOW_MS_MAX = 60_000;

/** How far a client's clock may be ahead. */
export const CLOCK_AHEAD_MS_MAX = 1_000;
