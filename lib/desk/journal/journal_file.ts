import type { Clock, Timer } from "../../../actors/clock.ts";
import { AppError } from "../../core/errors.ts";
import { decodeJournal, encodeEntry, type JournalContent } from "./journal.ts";
import { SYNC_WITHIN_MS } from "../limits.ts";
import type { JournalEntry, JournalSink } from "./records.ts";

/** The part of a file that a journal needs; a test's stand-in may fail or forget. */
export interface JournalStorage {
  /** The whole content; empty for a new file. */
  read(): Uint8Array;
  /** Appends before it returns. */
  append(bytes: Uint8Array): void;
  /** Cuts the content to `length` bytes. */
  truncate(length: number): void;
  /** Resolves when everything appended before the call would survive a power cut. */
  sync(): Promise<void>;
  close(): void;
}

/** How a journal is opened. */
export interface JournalOptions {
  /** Named in errors. */
  path: string;
  clock: Clock;
  storage: JournalStorage;
}

/**
 * The journal of one account: append-only, written at once and synced behind in
 * groups. What was written survives the death of the process, what was synced a
 * power cut, too.
 */
export class Journal implements JournalSink {
  readonly #options: JournalOptions;
  readonly #encoder = new TextEncoder();
  /** Records written so far. */
  #count = 0;
  /** Records known to be on the disk. */
  #syncedCount = 0;
  #timer: Timer | null = null;
  #syncing: Promise<void> | null = null;
  #isClosed = false;

  private constructor(options: JournalOptions) {
    this.#options = options;
  }

  /**
   * Opens a journal, cuts off what a crash left half-written, and returns what it holds.
   *
   * @throws {AppError} `JOURNAL_CORRUPT` if the file is damaged before its end.
   */
  static open(
    options: JournalOptions,
  ): { journal: Journal; content: JournalContent } {
    const { storage, path } = options;
    const content = decodeJournal(storage.read(), path);
    if (content.isTorn) storage.truncate(content.length);
    const journal = new Journal(options);
    journal.#count = content.entries.length;
    return { journal, content };
  }

  /** What the file holds now. */
  read(): JournalContent {
    return decodeJournal(this.#options.storage.read(), this.#options.path);
  }

  /**
   * Writes entries and lets the sync follow.
   *
   * @throws {AppError} `JOURNAL_WRITE_FAILED` if the disk does not take them: the account must stop here.
   */
  append(entries: readonly JournalEntry[]): void {
    let text = "";
    for (const entry of entries) text += encodeEntry(++this.#count, entry);
    try {
      this.#options.storage.append(this.#encoder.encode(text));
    } catch (cause) {
      throw new AppError(
        "JOURNAL_WRITE_FAILED",
        `Cannot write journal "${this.#options.path}": free disk space or mend its permissions, then restart the desk`,
        { cause },
      );
    }
    this.#armSync();
  }

  /** Resolves when everything written so far is on the disk. */
  async synced(): Promise<void> {
    const wanted = this.#count;
    while (this.#syncedCount < wanted && !this.#isClosed) {
      // deno-lint-ignore no-await-in-loop -- a sync under way may miss the newest records
      await this.#sync();
    }
  }

  /** Syncs and closes the file. */
  async close(): Promise<void> {
    await this.synced();
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#options.storage.close();
  }

  #armSync(): void {
    if (this.#timer !== null || this.#syncing !== null) return;
    this.#timer = this.#options.clock.after(SYNC_WITHIN_MS, () => {
      this.#timer = null;
      void this.#sync();
    });
  }

  #sync(): Promise<void> {
    if (this.#syncing !== null) return this.#syncing;
    this.#timer?.cancel();
    this.#timer = null;
    const count = this.#count;
    this.#syncing = this.#options.storage.sync().then(() => {
      this.#syncedCount = count;
    }).finally(() => {
      this.#syncing = null;
      if (this.#count > this.#syncedCount && !this.#isClosed) this.#armSync();
    });
    return this.#syncing;
  }
}

/** Opens a journal file for reading and appending; creates it and its folder. */
export function openJournalFile(path: string): JournalStorage {
  const folder = path.slice(0, path.lastIndexOf("/"));
  if (folder !== "") Deno.mkdirSync(folder, { recursive: true });
  const file = Deno.openSync(path, { read: true, append: true, create: true });
  return {
    read: () => Deno.readFileSync(path),
    append(bytes) {
      let written = 0;
      while (written < bytes.length) {
        written += file.writeSync(bytes.subarray(written));
      }
    },
    truncate(length) {
      Deno.truncateSync(path, length);
    },
    sync: () => file.syncData(),
    close: () => file.close(),
  };
}

/** Renames the journal of a closed account to `.closed`, or `.closed.2` and so on, so that its agent may start anew. */
export function retireJournalFile(path: string): void {
  let name = `${path}.closed`;
  for (let number = 2; exists(name); number++) {
    name = `${path}.closed.${number}`;
  }
  Deno.renameSync(path, name);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
