/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** Rows of CSV text that are written at once; a long result never becomes one text. */
export const CSV_CHUNK_ROWS = 4_096;
