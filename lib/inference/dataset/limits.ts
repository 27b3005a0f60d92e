/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** Most rows of one data set, which is held in memory (410 MB) until it is written; a longer one is refused with a sentence. */
export const DATASET_ROWS_MAX = 2_000_000;

/** Rows that are encoded and written at once. */
export const WRITE_CHUNK_ROWS = 4_096;
