/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** Most rows of one data set, which is held in memory (410 MB) until it is written; a longer one is refused with a sentence. */
export const DATASET_ROWS_MAX = 2_000_000;

/** Rows that are encoded and written at once. */
export const WRITE_CHUNK_ROWS = 4_096;

/** Most folds of a study; more are refused as wrong usage. */
export const FOLDS_MAX = 8;

/** Part of the rows that is the last segment of a study; a validation is half of it. */
export const TEST_PART = 1 / 6;

/** Part of the rows that is left out between what is learned from and what is measured. */
export const EMBARGO_PART = 0.01;

/** Fewest rows of a part of a study; a shorter data set is refused with a sentence. */
export const FOLD_ROWS_MIN = 100;
