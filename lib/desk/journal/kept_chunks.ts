import { JOURNAL_KEPT_BYTES_MAX } from "../limits.ts";
import type { JournalStorage } from "./storage.ts";

/** A place in a journal. */
export interface JournalPlace {
  /** Records up to it. */
  count: number;
  /** Bytes up to it. */
  length: number;
}

/** Entries of one `append`, encoded, with the place after them. */
export interface Chunk extends JournalPlace {
  bytes: Uint8Array;
}

/**
 * What of a journal is not known to be on the disk, oldest first: a part of it
 * is in the file, the rest waits for the disk.
 */
export class KeptChunks {
  #chunks: Chunk[] = [];
  #bytes = 0;
  #end: JournalPlace;
  #written: JournalPlace;
  #synced: JournalPlace;

  /** `place` is the end of the file as it was opened. */
  constructor(place: JournalPlace) {
    this.#end = place;
    this.#written = place;
    this.#synced = place;
  }

  /** End of everything that was added. */
  get end(): JournalPlace {
    return this.#end;
  }

  /** End of what is in the file. */
  get written(): JournalPlace {
    return this.#written;
  }

  /** End of what is on the disk. */
  get synced(): JournalPlace {
    return this.#synced;
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  get isFull(): boolean {
    return this.#bytes >= JOURNAL_KEPT_BYTES_MAX;
  }

  add(bytes: Uint8Array, records: number): Chunk {
    const { count, length } = this.#end;
    const chunk = {
      bytes,
      count: count + records,
      length: length + bytes.length,
    };
    this.#end = chunk;
    this.#chunks.push(chunk);
    this.#bytes += bytes.length;
    return chunk;
  }

  /** Everything up to `chunk` is in the file. */
  markWritten({ count, length }: Chunk): void {
    this.#written = { count, length };
  }

  /** Everything up to `place` is on the disk and need not be kept. */
  markSynced(place: JournalPlace): void {
    this.#synced = place;
    const kept = this.#chunks.findIndex(({ count }) => count > place.count);
    const gone = this.#chunks.splice(0, kept < 0 ? this.#chunks.length : kept);
    for (const { bytes } of gone) this.#bytes -= bytes.length;
  }

  /** In the file, and not known to be on the disk. */
  unsynced(): Chunk[] {
    return this.#chunks.filter(({ count }) => count <= this.#written.count);
  }

  /** Not in the file. */
  unwritten(): Chunk[] {
    return this.#chunks.filter(({ count }) => count > this.#written.count);
  }
}

/** Puts chunks behind each other, after `head`. */
export function joinChunks(
  chunks: readonly Chunk[],
  head: Uint8Array = new Uint8Array(),
): Uint8Array {
  const length = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const whole = new Uint8Array(head.length + length);
  whole.set(head);
  let at = head.length;
  for (const { bytes } of chunks) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

/**
 * Brings what is kept to the file again after a failure: cuts off what a partial
 * write left, and appends what is not in the file. After a failed sync
 * (`isRewrite`) everything since the last good one is written again: the system
 * marks the pages of a failed sync as clean, so a later sync would succeed without
 * having written them. In place, because the lines that are in the file must
 * survive the death of the process meanwhile.
 */
export function writeKept(
  kept: KeptChunks,
  storage: JournalStorage,
  { isRewrite }: { isRewrite: boolean },
): void {
  storage.truncate(kept.written.length);
  if (isRewrite) {
    storage.overwrite(kept.synced.length, joinChunks(kept.unsynced()));
  }
  for (const chunk of kept.unwritten()) {
    storage.append(chunk.bytes);
    kept.markWritten(chunk);
  }
}
