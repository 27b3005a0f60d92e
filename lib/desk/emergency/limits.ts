/** Bounds of the emergency stop at the desk, with what happens beyond them. */

/** How often the folder of requests is looked at, and levers that still work are pulled again. */
export const EMERGENCY_LOOK_MS = 200;

/** Latches in force at one time, so many that a host can tell the others of all; the last one is widened to everything. */
export const LATCHES_MAX = 80;

/** Latches that the file may hold: earlier builds took 200, and one of everything comes on top. */
export const LATCHES_READ_MAX = 201;

/** Latches that were released and are still shown; the oldest is forgotten, the audit trail has it. */
export const RELEASED_KEPT = 20;

/** Bytes of a request file; a longer one is not read, and counts as one that cannot be read. */
export const REQUEST_BYTES_MAX = 16_384;

/** Answers to request files that are kept in the folder; the oldest goes. */
export const ANSWERS_KEPT = 20;
