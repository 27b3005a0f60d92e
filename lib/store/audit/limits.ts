/**
 * Limits of the audit trail; what happens at each one is said beside it.
 *
 * @module
 */

/** Entries after which a checkpoint is signed at once. */
export const CHECKPOINT_ENTRIES = 100;
/** A change waits at most so long for its checkpoint. */
export const CHECKPOINT_MS = 60_000;
/** Pause between two looks at whether a checkpoint is due: a burst may pass CHECKPOINT_ENTRIES by what comes in one. */
export const CHECKPOINT_LOOK_MS = 1_000;
/** Checkpoints that one pass copies to a mirror; the next pass goes on. */
export const MIRROR_BATCH = 500;

/** Entries that one step of the background check reads; the next step goes on. */
export const CHECK_BATCH = 250;
/** Pause between two steps of the background check. */
export const CHECK_STEP_MS = 2_000;
/** Pause between the end of a walk over the whole chain and the next one. New entries are checked meanwhile. */
export const CHECK_AGAIN_MS = 60 * 60_000;

/** Entries of both streams that one query looks at; then it answers with a cursor. */
export const MAX_AUDIT_SCAN = 2_000;
/** How much later than it happened an entry may have been stored, so that a filter by time still finds it. */
export const AUDIT_LATE_MS = 7 * 24 * 60 * 60_000;

/** Refusals of one actor that are stored one by one within a window; more are counted and told by one entry. */
export const MAX_REFUSALS_PER_ACTOR = 60;
/** The same of all whom nobody knows, together. */
export const MAX_ANONYMOUS_REFUSALS = 60;
/** Window of both; at its end the entry is written that says how many more there were. */
export const REFUSAL_WINDOW_MS = 10 * 60_000;
/** Actors counted apart within a window; more are counted together. */
export const MAX_COUNTED_ACTORS = 200;
/** Actions, addresses and targets that the summary names; the rest is only counted. */
export const MAX_SUMMARY_NAMES = 20;
/** Characters of an actor's name, a target and a reason; the rest is cut. */
export const MAX_AUDIT_TEXT = 1_000;

/** Characters of a line in a file that is verified; a longer one is no line of ours. */
export const MAX_LINE_CHARACTERS = 1_000_000;
/** Entries that an export reads at once; the next ones are read when these were taken. */
export const EXPORT_BATCH = 200;
