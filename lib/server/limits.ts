/** Limits of this folder; what happens at each one is said beside it. */

/** Connections that are still open this long after a drain are cut. */
export const SHUTDOWN_MS = 2_000;

/** A wish to recycle the process must stand this long; one that is taken back before has no effect. */
export const RECYCLE_SETTLE_MS = 10_000;

/** No quiet moment within this time, and the process is recycled in a busy one. */
export const RECYCLE_WITHIN_MS = 10 * 60_000;

/** Files of the data folder that are counted for its size; with more of them the size is not told. */
export const MAX_COUNTED_FILES = 20_000;

/** How often it is looked whether the moment is quiet. */
export const QUIET_CHECK_MS = 1_000;

/** How often the lateness of the main isolate is measured. */
export const LATENESS_EVERY_MS = 100;

/** How often the main isolate collects its garbage. */
export const GARBAGE_EVERY_MS = 60_000;

/** How often it is looked how each part of the platform does. */
export const HEALTH_LOOK_EVERY_MS = 1_000;

/** How often it is looked what the disk has left. */
export const DISK_LOOK_EVERY_MS = 10_000;

/** Left on the disk of the data folder: below the first somebody should make room, below the second writes fail soon. */
export const DISK_LOW_BYTES = 1024 ** 3;
export const DISK_OUT_BYTES = 32 * 1024 ** 2;

/** Bytes that wait for slow readers of streams, above which somebody should look: 16 clients at their limit. */
export const STREAM_QUEUE_HIGH_BYTES = 64 * 1024 ** 2;
/** How often a process looks whether another one has changed what it has in memory. */
export const SHARED_LOOK_MS = 1_000;
