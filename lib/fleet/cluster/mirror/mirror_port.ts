/**
 * The files of this host's journals, for the mirror of them in the store.
 *
 * @module
 */
import type { JournalFile, SegmentName } from "../../../store/mirror_port.ts";

/** A segment that has ended. */
export interface LocalSegment extends SegmentName {
  bytes: number;
}

/** One journal as it was at one moment. */
export interface LocalJournal {
  /** Tells the file that is the newest segment from others, as far as the system can. */
  newestId: string;
  /** Segments that have ended, oldest first, up to the newest without a hole. */
  ended: readonly LocalSegment[];
}

/** Which bytes of which file. */
export interface JournalRange {
  /** Null for the newest segment, if it still is `newestId`. */
  segment: SegmentName | null;
  newestId: string;
  offset: number;
  /** At most so many bytes. */
  length: number;
}

/** Journals on the disk of this host by agent. A desk may append to and rename them at any moment. */
export interface JournalFiles {
  /** Which file the newest segment is; null where this host has no journal of the agent. */
  newestId(agentId: string): Promise<string | null>;
  /** The same with what has ended. Reads a folder, so it is not for every candle. */
  look(agentId: string): Promise<LocalJournal | null>;
  /** Reads a range, less than `length` only at the end of the file; null if there is no such file any more. */
  read(
    agentId: string,
    range: JournalRange,
  ): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Puts files in the place of an agent's journal; what was there is kept aside.
   * The newest segment gets its name last: after a crash there is no journal, or
   * the whole new one, and the same call may be repeated. Not while a desk has it open.
   */
  replace(agentId: string, files: readonly JournalFile[]): Promise<void>;
  /** Keeps an agent's journal aside, if there is one; then there is none. */
  setAside(agentId: string): Promise<void>;
  /** The epoch of the owner whose journal is on this disk; null where nobody has said so. */
  heldEpoch(agentId: string): Promise<number | null>;
  /** The journal on this disk is that of the owner of this epoch from now on. */
  hold(agentId: string, epoch: number): Promise<void>;
}

/** Code of the refusal to write a mirror that is another host's now. */
export const MIRROR_TAKEN = "MIRROR_TAKEN";

/** What the fleet does with the mirror; null in its context where there is one host only. */
export interface Mirror {
  /**
   * Resolves when everything that the journal of an agent held on this host's disk
   * at the call is in the store. Calls of one agent share their work: one is under
   * way, and at most one more follows it.
   *
   * @throws {AppError} STORE_UNAVAILABLE, STORE_CONFLICT, JOURNAL_UNAVAILABLE; a later call makes up for it.
   * {@link MIRROR_TAKEN} if another host has written the mirror: this one must give
   * the agent up, and go on from `restore` if it gets it back.
   */
  flush(agentId: string): Promise<void>;
  /**
   * Makes the journal on this host's disk what the mirror says; where there is no
   * mirror, a journal on the disk is kept aside. Before the desk opens the account.
   *
   * @throws {AppError} STORE_UNAVAILABLE, STORE_MIRROR_DAMAGED, and whatever the disk says; it may be repeated.
   */
  restore(agentId: string): Promise<void>;
  /**
   * Makes the journal on this disk the one that the owner of `epoch` goes on
   * with: what this host wrote itself where it was the owner before and had come
   * that far, since that is at least as new as what it mirrored; else the mirror.
   *
   * @throws {AppError} As `restore` does; it may be repeated.
   */
  resume(
    agentId: string,
    options: { epoch: number; isFromHere: boolean },
  ): Promise<void>;
  /** This host has the agent no longer: the mirror stays, and nothing is flushed before `restore`. */
  forget(agentId: string): Promise<void>;
}
