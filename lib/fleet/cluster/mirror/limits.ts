/** Limits of what several hosts share; what happens at each one is said beside it. */

/** Looks at a journal whose files change meanwhile before the mirror's flush fails, to be repeated. */
export const MIRROR_LOOKS = 10;

/**
 * Bytes at the end of a mirrored segment that each flush compares with the file:
 * more than a desk that is opened again can have cut off, which is one transaction.
 */
export const MIRROR_COMPARED_BYTES = 256 * 1024;
