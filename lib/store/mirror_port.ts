/**
 * The mirror of the order journals as the rest of the product sees it: a copy of
 * each account's journal in the store, from which another host can go on.
 *
 * @module
 */

/** What the name of an ended segment tells. */
export interface SegmentName {
  /** Counts from 1. */
  number: number;
  /** Last candle that was processed when it ended. */
  lastSeq: number;
}

/** One file of a journal with its content. */
export interface JournalFile {
  /** Null for the newest segment, which has the journal's own name. */
  segment: SegmentName | null;
  bytes: Uint8Array<ArrayBuffer>;
}

/** How much of one segment is mirrored, and where. */
export interface MirroredSegment {
  /** Its chunks have this in their keys; no two copies ever have the same one. */
  slot: string;
  bytes: number;
  /** CRC-32 of these bytes. */
  crc: number;
}

/** A segment that has ended. */
export interface MirroredEnded extends MirroredSegment, SegmentName {}

/** What is mirrored of one journal. */
export interface MirroredJournal {
  /** Oldest first, without a hole. */
  ended: readonly MirroredEnded[];
  newest: MirroredSegment;
}

/** The mirror of an agent as it was read. */
export interface MirrorHead {
  /** Changes with every change of the mirror. */
  revision: string;
  /** Who wrote it last. */
  writer: string;
  journal: MirroredJournal;
}

/** Bytes of one segment. */
export interface MirrorPiece {
  slot: string;
  /** Where in the segment they begin: a multiple of `MIRROR_CHUNK_BYTES`. */
  offset: number;
  bytes: Uint8Array;
}

/** A change of a mirror whose `revision` was read before; null where there was no mirror. */
export interface MirrorChange {
  revision: string | null;
  /** Together at most `MIRROR_COMMIT_BYTES`. */
  pieces: readonly MirrorPiece[];
}

/** A change after which the mirror is another one. */
export interface MirrorSwitch extends MirrorChange {
  newest: MirroredSegment;
  /** Null: as they were. */
  ended: readonly MirroredEnded[] | null;
}

/**
 * Mirrors of journals by agent. Every change checks the revision that it was made
 * from, so that of two hosts that both believe to own an agent one is refused.
 */
export interface JournalMirrorStore {
  /** What this process signs its changes with; another one after every start. */
  readonly writer: string;
  /** A name for the chunks of a segment that is copied anew. */
  createSlot(): string;
  /** What is mirrored of an agent; null for nothing. */
  head(agentId: string): Promise<MirrorHead | null>;
  /**
   * The bytes of one mirrored segment; null if the chunks do not add up to it,
   * because it was changed meanwhile or is damaged.
   */
  segment(
    agentId: string,
    segment: MirroredSegment,
  ): Promise<Uint8Array<ArrayBuffer> | null>;
  /**
   * Writes pieces of segments that the mirror does not name yet; the mirror stays as it is.
   *
   * @throws {AppError} STORE_CONFLICT if it was changed by somebody else, STORE_UNAVAILABLE.
   */
  stage(agentId: string, change: MirrorChange): Promise<void>;
  /**
   * Writes pieces and switches over, in one commit; resolves with the new revision.
   *
   * @throws {AppError} STORE_CONFLICT if it was changed by somebody else, STORE_UNAVAILABLE.
   */
  save(agentId: string, change: MirrorSwitch): Promise<string>;
  /**
   * Deletes the chunks that a mirror of that revision does not name.
   *
   * @throws {AppError} STORE_CONFLICT if it was changed by somebody else, STORE_UNAVAILABLE.
   */
  sweep(
    agentId: string,
    mirror: {
      revision: string | null;
      /** Null where there is none. */
      journal: MirroredJournal | null;
    },
  ): Promise<void>;
  /**
   * Every file of an agent's journal as it was mirrored last, ended segments first,
   * oldest first, and the newest one at the end; null where there is no mirror.
   *
   * @throws {AppError} STORE_MIRROR_DAMAGED, STORE_UNAVAILABLE.
   */
  load(agentId: string): Promise<readonly JournalFile[] | null>;
  /** Deletes the mirror of an agent with all of its chunks. */
  remove(agentId: string): Promise<void>;
}
