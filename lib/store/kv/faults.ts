/**
 * What a simulation may do to the calls of a connection to the database in
 * memory.
 *
 * @module
 */

/** What Deno KV says when the disk takes no more; reads go on meanwhile. */
export const DISK_FULL_MESSAGE = "database or disk is full";

/** A call that is about to be made, or a change that is about to be told to a watch. */
export interface KvCall {
  kind: "get" | "getMany" | "list" | "write" | "watch" | "watch_event";
  /** Keys that are read, watched, or written; of a list the prefix or the ends. */
  keys: readonly Deno.KvKey[];
}

/**
 * What becomes of a call. For a read and a watch everything but `ok`, `fail`
 * and the hangs counts as `ok`.
 */
export type KvOutcome =
  | "ok"
  /** The call rejects and nothing happened. */
  | "fail"
  /** The write happens, and its promise rejects. */
  | "lost_ack"
  /** Nothing happens, and the promise never settles. A watch is silent; a change is not told. */
  | "hang"
  /** The write happens, and its promise never settles. */
  | "hang_done"
  /** The write is answered as refused by a check, and did not happen. */
  | "conflict"
  /** The write is answered as refused by a check although it happened, as when KV Connect has resent it. */
  | "conflict_done";

/** The fate of one call. */
export interface KvFault {
  outcome: KvOutcome;
  /** Message of the rejection; default {@link DISK_FULL_MESSAGE}. */
  message?: string;
  /** What the call waits for before it reaches the database: past its deadline this makes a late write. */
  delay?: Promise<void>;
}

/** Asked before each call; the answer decides what becomes of it. */
export interface KvFaults {
  onCall(call: KvCall): KvFault;
}

/** No faults. */
export const NO_FAULTS: KvFaults = { onCall: () => ({ outcome: "ok" }) };
