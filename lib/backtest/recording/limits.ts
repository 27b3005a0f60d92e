/** Limits of this folder. What happens at each limit is said beside it. */

/** Text that a writer gathers before it packs and writes a block. */
export const BLOCK_CHARS = 1_000_000;

/** Longest line of a recording: a start with a snapshot, or a batch of candles. A longer one is refused as damaged. */
export const LINE_CHARS_MAX = 64_000_000;

/** Most of a turn that is shown of a difference. */
export const SHOWN_CHARS = 400;

/** Bytes at the start and at the end of a file in which its first and last line are looked for; a longer line is not found, and counts as unknown. */
export const EDGE_BYTES = 1_024;
