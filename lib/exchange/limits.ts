/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** Most rows of one candle file (509 MB in memory); a longer file is refused with a sentence. Twenty years of minutes fit. */
export const CANDLE_ROWS_MAX = 10_600_000;

/** Longest line of a candle file in bytes; a longer one is refused, so that a wrong file cannot fill the memory. */
export const CSV_LINE_BYTES_MAX = 1_024;

/** Rows of one storage chunk of a candle series (384 KiB). */
export const CANDLE_CHUNK_ROWS = 8_192;

/** Most candles that the replay files of one feed worker hold at once (576 MB): the longest file and a bit; a further file is refused. */
export const REPLAY_ROWS_MAX = 12_000_000;

/** Most candles of one message to a consumer. The rest follows in further messages. */
export const BATCH_CANDLES_MAX = 64;

/** Most streams of one feed worker; a further one is refused. */
export const STREAMS_MAX = 500;

/** Shortest wait between two looks at the clock of one stream; at high speeds candles are due in groups. */
export const PACE_MS_MIN = 10;

/** Longest wait between two looks at the clock of one stream, well below the limit of `setTimeout`. */
export const PACE_MS_MAX = 600_000;

/** Least time between two reports of one stream; the newest candle wins. */
export const REPORT_INTERVAL_MS = 1_000;

/** A hole of a replayed file is waited out for at most this many candle lengths. */
export const REPLAY_GAP_CANDLES_MAX = 5;

/** Blocks of 4,096 simulated candles that one market keeps in memory; older ones are made again when asked for. */
export const SIMULATED_BLOCKS_KEPT = 4;

/** Time between two looks for live streams that nobody reads. */
export const IDLE_LOOK_MS = 10_000;

/** Markets of an exchange that a refusal proposes; further ones are left out. */
export const NEAR_NAMES_MAX = 5;
