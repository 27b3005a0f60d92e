import type { Timer } from "../../../actors/clock.ts";
import { JOURNAL_RETRY_MS, SYNC_WITHIN_MS } from "../limits.ts";
import { explainDiskError } from "./disk_error.ts";
import { decodeJournal, encodeEntry, type JournalContent } from "./journal.ts";
import { decodeSegments, endedBefore, segmentOf } from "./journal_segments.ts";
import {
  joinChunks,
  type JournalPlace,
  KeptChunks,
  writeKept,
} from "./kept_chunks.ts";
import { type JournalOptions, readNewest } from "./open_journal.ts";
import type { JournalEntry, JournalSink } from "./records.ts";
import { SegmentGauge } from "./segment_gauge.ts";
import type { EndedSegment } from "./storage.ts";
import { SyncWaiters } from "./sync_waiters.ts";

/**
 * The journal of one account: append-only, written at once and synced behind in
 * groups. What was written survives the death of the process, what was synced a
 * power cut, too.
 *
 * A disk that refuses (full, read-only, broken) does not end the desk: the
 * journal turns *failing*, keeps what is not on the disk in memory, in order,
 * and tries every second. It is a row of segments, of which only the newest is
 * written to and read at the opening; see segments.ts.
 */
export class Journal implements JournalSink {
  readonly #options: JournalOptions;
  readonly #encoder = new TextEncoder();
  readonly #gauge: SegmentGauge;
  #kept: KeptChunks;
  #segment: number;
  readonly #waiters = new SyncWaiters();
  #failure: string | null = null;
  #isRewriteDue = false;
  /** After a failed read: the journal is not mended before it can be read. */
  #isReadDue = false;
  /** The next sync, or while failing the next attempt. */
  #timer: Timer | null = null;
  #syncing: Promise<void> | null = null;
  #isClosed = false;

  private constructor(options: JournalOptions, content: JournalContent) {
    const { entries, firstLength, length } = content;
    this.#options = options;
    this.#kept = new KeptChunks({ count: entries.length, length });
    this.#segment = segmentOf(content);
    this.#gauge = new SegmentGauge(firstLength, options.segmentBytes);
  }

  /**
   * Opens a journal and returns what its newest segment holds; throws what
   * {@link readNewest} does.
   */
  static open(
    options: JournalOptions,
  ): { journal: Journal; content: JournalContent } {
    const content = readNewest(options);
    const journal = new Journal(options, content);
    return { journal, content };
  }

  /** Why the disk does not take the journal and what to do; null while it does. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Whether so much is not on the disk that the account must not change any more. */
  get isFull(): boolean {
    return this.#kept.isFull;
  }

  /** Number of the newest segment, from 1 on. */
  get segment(): number {
    return this.#segment;
  }

  /** Segments that have ended and are kept, oldest first. */
  endedSegments(): EndedSegment[] {
    return endedBefore(this.#segment, this.#options.storage);
  }

  /**
   * What was appended, from the segment on that holds what came after candle
   * `afterSeq`, or as far back as segments are kept.
   *
   * @throws {AppError} `JOURNAL_CORRUPT`, and whatever the disk says.
   */
  read(afterSeq = -Infinity): JournalEntry[] {
    const { storage, path } = this.#options;
    const kept = this.#kept;
    const inFile = storage.read().subarray(0, kept.written.length);
    const newest = joinChunks(kept.unwritten(), inFile);
    const ended = this.endedSegments().filter((one) => one.lastSeq > afterSeq);
    const older = decodeSegments(ended, { path, newest: this.#segment });
    return older.concat(decodeJournal(newest, path).entries);
  }

  /** The same; null, and failing, if the disk does not give it. */
  tryRead(afterSeq?: number): JournalEntry[] | null {
    try {
      return this.read(afterSeq);
    } catch (error) {
      this.#isReadDue = true;
      this.#fail(error);
      return null;
    }
  }

  /** Writes entries and lets the sync follow; keeps them while the disk refuses. */
  append(entries: readonly JournalEntry[]): void {
    let number = this.#kept.end.count;
    let text = "";
    for (const entry of entries) text += encodeEntry(++number, entry);
    const bytes = this.#encoder.encode(text);
    const chunk = this.#kept.add(bytes, entries.length);
    if (this.#failure !== null) return;
    try {
      this.#options.storage.append(bytes);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#kept.markWritten(chunk);
    this.#armSync();
  }

  /**
   * Goes on in a new segment that begins with `entry`; called within
   * `onSegmentDue` only. Null, or why the disk does not take it: it is due again
   * a little later.
   */
  startSegment(entry: JournalEntry): string | null {
    const { storage } = this.#options;
    const bytes = this.#encoder.encode(encodeEntry(1, entry));
    const ended = { number: this.#segment, lastSeq: entry.seq };
    try {
      storage.syncNow();
    } catch (error) {
      this.#isRewriteDue = true;
      this.#fail(error);
      return (error as Error).message;
    }
    this.#markSynced(this.#kept.written);
    try {
      storage.startSegment(bytes, ended);
    } catch (error) {
      this.#gauge.postpone(this.#kept.end.length);
      return (error as Error).message;
    }
    this.#kept = new KeptChunks({ count: 1, length: bytes.length });
    this.#segment++;
    this.#gauge.start(bytes.length);
    return null;
  }

  /** Resolves when everything appended so far is on the disk; with false if the journal was closed before. */
  synced(): Promise<boolean> {
    return this.#wait(false);
  }

  /** The same, but false as soon as the disk refuses. */
  flushed(): Promise<boolean> {
    return this.#wait(true);
  }

  /** Syncs and closes the file. While the disk refuses, one more attempt is made: a stop must not hang on a full disk. */
  async close(): Promise<void> {
    if (!await this.flushed()) await this.#mend();
    this.abandon();
  }

  /** Closes the file as it is. */
  abandon(): void {
    this.#isClosed = true;
    this.#cancelTimer();
    this.#waiters.closed();
    this.#options.storage.close();
  }

  #wait(isImpatient: boolean): Promise<boolean> {
    const { count } = this.#kept.end;
    if (this.#kept.synced.count >= count) return Promise.resolve(true);
    if (this.#isClosed || (isImpatient && this.#failure !== null)) {
      return Promise.resolve(false);
    }
    const answer = this.#waiters.wait(count, { isImpatient });
    if (this.#failure === null) void this.#sync();
    return answer;
  }

  /** Nothing fails, and no sync is under way. */
  get #isAtRest(): boolean {
    return this.#failure === null && this.#syncing === null && !this.#isClosed;
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #armSync(): void {
    if (this.#timer !== null || this.#syncing !== null) return;
    this.#timer = this.#options.clock.after(SYNC_WITHIN_MS, () => {
      this.#timer = null;
      void this.#sync();
    });
  }

  async #sync(): Promise<void> {
    if (this.#syncing !== null) return;
    this.#cancelTimer();
    let hasRoomAgain = false;
    try {
      hasRoomAgain = await this.#syncOnce();
    } catch (error) {
      this.#fail(error);
    }
    if (!this.#isAtRest) return;
    if (hasRoomAgain) this.#options.onChange?.();
    // What was told may have appended, and failed.
    if (this.#isAtRest && this.#gauge.isDue(this.#kept.end.length)) {
      this.#options.onSegmentDue?.();
    }
    if (!this.#isAtRest) return;
    if (!this.#waiters.isEmpty) void this.#sync();
    else if (!this.#kept.isEmpty) this.#armSync();
  }

  /** What was written before it began is on the disk when it ends. Resolves with whether the journal was full and is not any more. */
  async #syncOnce(): Promise<boolean> {
    const { written } = this.#kept;
    try {
      this.#syncing = this.#options.storage.sync();
      await this.#syncing;
    } catch (error) {
      this.#isRewriteDue = true;
      throw error;
    } finally {
      this.#syncing = null;
    }
    const wasFull = this.isFull;
    this.#markSynced(written);
    return wasFull && !this.isFull;
  }

  #markSynced(place: JournalPlace): void {
    this.#kept.markSynced(place);
    this.#waiters.synced(place.count);
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    const isNew = this.#failure === null;
    this.#failure = explainDiskError(error);
    this.#cancelTimer();
    this.#timer = this.#options.clock.after(JOURNAL_RETRY_MS, () => {
      this.#timer = null;
      void this.#mend();
    });
    if (!isNew) return;
    this.#waiters.failed();
    this.#options.onChange?.();
  }

  /** One attempt to bring everything to the disk. */
  async #mend(): Promise<void> {
    this.#cancelTimer();
    try {
      // A sync from before the failure must not count for what is written now.
      await this.#syncing;
    } catch {
      // Whoever began it has seen to it.
    }
    try {
      do {
        this.#writeAgain();
        // deno-lint-ignore no-await-in-loop -- what came during a sync needs another
        await this.#syncOnce();
      } while (!this.#kept.isEmpty);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#failure = null;
    this.#cancelTimer();
    this.#options.onChange?.();
  }

  #writeAgain(): void {
    if (this.#isReadDue) this.read();
    this.#isReadDue = false;
    writeKept(this.#kept, this.#options.storage, {
      isRewrite: this.#isRewriteDue,
    });
    this.#isRewriteDue = false;
  }
}
