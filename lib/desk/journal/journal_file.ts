import type { Clock, Timer } from "../../../actors/clock.ts";
import { JOURNAL_RETRY_MS, SYNC_WITHIN_MS } from "../limits.ts";
import { explainDiskError, journalUnavailable } from "./disk_error.ts";
import { decodeJournal, encodeEntry, type JournalContent } from "./journal.ts";
import { joinChunks, KeptChunks } from "./kept_chunks.ts";
import type { JournalEntry, JournalSink } from "./records.ts";
import type { JournalStorage } from "./storage.ts";
import { SyncWaiters } from "./sync_waiters.ts";

/** How a journal is opened. */
export interface JournalOptions {
  /** Named in errors. */
  path: string;
  clock: Clock;
  storage: JournalStorage;
  /** Called when the journal turns failing, is mended, or has room again; may be called within `append`. */
  onChange?: () => void;
}

/**
 * The journal of one account: append-only, written at once and synced behind in
 * groups. What was written survives the death of the process, what was synced a
 * power cut, too.
 *
 * A disk that refuses (full, read-only, broken) does not end the desk: the
 * journal turns *failing*, keeps what is not on the disk in memory, in order,
 * and tries every second. Before each attempt it cuts off what a partial write
 * left. After a failed sync it writes everything since the last good sync
 * again: the system marks the pages of a failed sync as clean, so a later sync
 * would succeed without having written them. It does so in place, because the
 * lines that are in the file must survive the death of the process meanwhile.
 */
export class Journal implements JournalSink {
  readonly #options: JournalOptions;
  readonly #encoder = new TextEncoder();
  readonly #kept: KeptChunks;
  readonly #waiters = new SyncWaiters();
  #failure: string | null = null;
  /** After a failed sync. */
  #isRewriteDue = false;
  /** After a failed read: the journal is not mended before it can be read. */
  #isReadDue = false;
  /** The next sync, or while failing the next attempt. */
  #timer: Timer | null = null;
  #syncing: Promise<void> | null = null;
  #isClosed = false;

  private constructor(options: JournalOptions, content: JournalContent) {
    this.#options = options;
    this.#kept = new KeptChunks({
      count: content.entries.length,
      length: content.length,
    });
  }

  /**
   * Opens a journal, cuts off what a crash left half-written, and returns what it holds.
   *
   * @throws {AppError} `JOURNAL_CORRUPT` if the file is damaged before its end,
   *   `JOURNAL_FORMAT_NEWER` if a newer build wrote it, `JOURNAL_UNAVAILABLE`
   *   if the disk does not give it.
   */
  static open(
    options: JournalOptions,
  ): { journal: Journal; content: JournalContent } {
    const content = readFrom(options);
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

  /** Everything that was appended; null, and failing, if the disk does not give the file. */
  read(): JournalContent | null {
    try {
      return this.#content();
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

  /** Resolves when everything appended so far is on the disk; with false if the journal was closed before. */
  synced(): Promise<boolean> {
    return this.#wait(false);
  }

  /** Like {@link Journal.synced}, but false as soon as the disk refuses. */
  flushed(): Promise<boolean> {
    return this.#wait(true);
  }

  /**
   * Syncs and closes the file. While the disk refuses, one more attempt is made
   * and then what is in memory is given up: a stop must not hang on a full disk.
   */
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

  #content(): JournalContent {
    const { storage, path } = this.#options;
    const inFile = storage.read().subarray(0, this.#kept.written.length);
    return decodeJournal(joinChunks(this.#kept.unwritten(), inFile), path);
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
    if (this.#failure !== null || this.#isClosed) return;
    if (hasRoomAgain) this.#options.onChange?.();
    if (!this.#waiters.isEmpty) void this.#sync();
    else if (!this.#kept.isEmpty) this.#armSync();
  }

  /**
   * One sync at a time; what was written before it began is on the disk when it
   * ends. Resolves with whether the journal was full and is not any more.
   */
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
    this.#kept.markSynced(written);
    this.#waiters.synced(written.count);
    return wasFull && !this.isFull;
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
    const { storage } = this.#options;
    const kept = this.#kept;
    if (this.#isReadDue) this.#content();
    this.#isReadDue = false;
    storage.truncate(kept.written.length);
    if (this.#isRewriteDue) {
      storage.overwrite(kept.synced.length, joinChunks(kept.unsynced()));
    }
    this.#isRewriteDue = false;
    for (const chunk of kept.unwritten()) {
      storage.append(chunk.bytes);
      kept.markWritten(chunk);
    }
  }
}

/** Reads what the file holds and cuts its torn end off. */
function readFrom({ storage, path }: JournalOptions): JournalContent {
  let bytes: Uint8Array;
  try {
    bytes = storage.read();
  } catch (cause) {
    throw journalUnavailable(`Cannot read journal "${path}"`, cause);
  }
  const content = decodeJournal(bytes, path);
  if (!content.isTorn) return content;
  try {
    storage.truncate(content.length);
  } catch (cause) {
    throw journalUnavailable(
      `Cannot cut the torn end off journal "${path}"`,
      cause,
    );
  }
  return content;
}
