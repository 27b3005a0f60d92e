import {
  type SegmentName,
  sortSegments,
} from "../../../lib/desk/journal/segments.ts";
import type {
  EndedSegment,
  JournalStorage,
} from "../../../lib/desk/journal/storage.ts";

/** Which of a storage's calls a disk refuses. */
export type DiskCall =
  | "read"
  | "append"
  | "overwrite"
  | "truncate"
  | "sync"
  | "startSegment";

/** A file in memory on a disk that can refuse, tear, forget what was not synced, or die with its process. */
export class MemoryStorage implements JournalStorage {
  bytes: Uint8Array<ArrayBuffer>;
  /** What a power cut leaves. */
  synced: Uint8Array<ArrayBuffer>;
  /** Writes that still succeed; at the next one the process dies, having written nothing. */
  writesLeft = Infinity;
  /** The process died in a write; nothing that it does now may have an effect. */
  hasDied = false;
  /** The error of a disk that refuses, and the calls that it refuses; null while it works. */
  refusal: { error: Error; calls: readonly DiskCall[] } | null = null;
  /** Part of a refused write that reaches the file all the same. */
  tornPart = 0;
  syncs = 0;
  /** Segments that have ended, by number. */
  readonly ended = new Map<number, SegmentName & { content: Uint8Array }>();

  constructor(bytes: Uint8Array<ArrayBuffer> = new Uint8Array()) {
    this.bytes = bytes;
    this.synced = bytes;
  }

  read(): Uint8Array {
    this.#pass("read");
    return this.bytes;
  }

  append(bytes: Uint8Array): void {
    if (this.hasDied || this.writesLeft-- <= 0) {
      this.hasDied = true;
      throw new Error("The process died");
    }
    try {
      this.#pass("append");
    } catch (error) {
      this.#put(
        this.bytes.length,
        bytes.subarray(0, Math.floor(bytes.length * this.tornPart)),
      );
      throw error;
    }
    this.#put(this.bytes.length, bytes);
  }

  overwrite(position: number, bytes: Uint8Array): void {
    this.#pass("overwrite");
    this.#put(position, bytes);
  }

  truncate(length: number): void {
    this.#pass("truncate");
    this.bytes = this.bytes.slice(0, length);
  }

  sync(): Promise<void> {
    this.syncs++;
    try {
      this.#pass("sync");
    } catch (error) {
      return Promise.reject(error);
    }
    this.synced = this.bytes;
    return Promise.resolve();
  }

  syncNow(): void {
    this.#pass("sync");
    this.synced = this.bytes;
  }

  startSegment(bytes: Uint8Array, ended: SegmentName): void {
    if (this.hasDied || this.writesLeft-- <= 0) {
      this.hasDied = true;
      throw new Error("The process died");
    }
    this.#pass("startSegment");
    this.ended.set(ended.number, { ...ended, content: this.bytes });
    this.bytes = new Uint8Array(bytes);
    this.synced = this.bytes;
  }

  /** The same disk, for a desk that is started again. */
  copy(): MemoryStorage {
    const copy = new MemoryStorage(this.bytes.slice());
    for (const [number, segment] of this.ended) copy.ended.set(number, segment);
    return copy;
  }

  endedSegments(): EndedSegment[] {
    return sortSegments([...this.ended.values()]).map((segment) => ({
      ...segment,
      bytes: segment.content.length,
      read: () => {
        this.#pass("read");
        return segment.content;
      },
      remove: () => void this.ended.delete(segment.number),
    }));
  }

  close(): void {}

  /** The disk refuses these calls from now on. */
  refuse(code: string, calls: readonly DiskCall[] = ["append", "sync"]): void {
    const error = Object.assign(new Error(`Disk says ${code}`), { code });
    this.refusal = { error, calls };
  }

  mend(): void {
    this.refusal = null;
  }

  /** The lights go out: what was not synced is gone. */
  cutPower(): void {
    this.bytes = this.synced;
  }

  #pass(call: DiskCall): void {
    if (this.refusal?.calls.includes(call)) throw this.refusal.error;
  }

  #put(position: number, bytes: Uint8Array): void {
    const end = Math.max(this.bytes.length, position + bytes.length);
    const changed = new Uint8Array(end);
    changed.set(this.bytes);
    changed.set(bytes, position);
    this.bytes = changed;
  }
}
