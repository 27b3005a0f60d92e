/**
 * The limits of Deno KV itself, as it enforces them. The store stays below
 * (../limits.ts); the database in memory refuses what Deno KV would refuse.
 *
 * @module
 */

/** Bytes of one encoded key that is written. */
export const KV_MAX_WRITE_KEY_BYTES = 2_048;
/** Bytes of one encoded key that is read: an end of a range takes one more. */
export const KV_MAX_READ_KEY_BYTES = 2_049;
/** Bytes of one serialized value. */
export const KV_MAX_VALUE_BYTES = 65_536;
/** Keys of one `getMany`. */
export const KV_MAX_GET_MANY = 10;
/** Keys of one watch. */
export const KV_MAX_WATCHED = 10;
/** Checks of one commit. */
export const KV_MAX_CHECKS = 100;
/** Mutations of one commit. */
export const KV_MAX_MUTATIONS = 1_000;
/** Bytes of all keys and values of one commit. */
export const KV_MAX_WRITE_BYTES = 819_200;
/** Bytes of the keys of all sets of one commit. */
export const KV_MAX_WRITE_KEYS_BYTES = 81_920;
/** Entries of one batch of a list: each batch is a snapshot of its own. */
export const KV_LIST_BATCH = 500;
