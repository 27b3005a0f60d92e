import type { DeadLetter } from "../contracts/dead_letter.ts";
import { AppError } from "../core/errors.ts";
import { redactLine } from "../core/redact.ts";
import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import {
  DEAD_LETTER_COALESCE_MS,
  DEAD_LETTERS_PER_COMMIT,
  MAX_DEAD_LETTER_TEXT,
  MAX_PAGE,
  MAX_QUEUED_DEAD_LETTERS,
  RETAINED_DEAD_LETTERS,
  WRITER_RETRY_MAX_MS,
} from "./limits.ts";
import type { DeadLetterStore, StorePage } from "./port.ts";

type Unnumbered = Omit<DeadLetter, "n">;

interface Waiting {
  letter: Unnumbered;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * The ring of dead letters. New ones are collected for a moment; one commit
 * stores them and removes as many that have become too old, so that a flood
 * costs few writes and the ring never grows.
 */
export class KvDeadLetterStore implements DeadLetterStore {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  #queue: Waiting[] = [];
  #notKept = 0;
  #timer: TimeSourceTimer | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #isClosed = false;

  constructor(options: { kv: GuardedKv; time: TimeSource }) {
    this.#kv = options.kv;
    this.#time = options.time;
  }

  append(letter: Unnumbered): Promise<void> {
    if (this.#isClosed) return Promise.reject(closedError());
    if (this.#queue.length >= MAX_QUEUED_DEAD_LETTERS) {
      this.#notKept++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ letter: cut(letter), resolve, reject });
      this.#arm(DEAD_LETTER_COALESCE_MS);
    });
  }

  async page(
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<DeadLetter>> {
    const limit = Math.min(options.limit, MAX_PAGE);
    const before = options.cursor === null
      ? Number.MAX_SAFE_INTEGER
      : Number(options.cursor);
    const entries = await this.#kv.list<{ letter: DeadLetter }>(
      { prefix: keys.deadLetters(), end: keys.deadLetter(before) },
      { limit: limit + 1, reverse: true },
    );
    const items = entries.slice(0, limit).map(({ value }) => value.letter);
    const isMore = entries.length > limit;
    return { items, nextCursor: isMore ? String(items.at(-1)!.n) : null };
  }

  async count(): Promise<number> {
    const prefix = keys.deadLetters();
    const [[oldest], [newest]] = await Promise.all([
      this.#kv.list({ prefix }, { limit: 1 }),
      this.#kv.list({ prefix }, { limit: 1, reverse: true }),
    ]);
    if (oldest === undefined || newest === undefined) return 0;
    return Number(newest.key.at(-1)) - Number(oldest.key.at(-1)) + 1;
  }

  /** Stores what waits, in one try, and takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#writing;
    while (this.#queue.length > 0) {
      try {
        // deno-lint-ignore no-await-in-loop -- commits follow each other in order
        await this.#commitBatch();
      } catch (error) {
        for (const { reject } of this.#queue.splice(0)) reject(error);
      }
    }
  }

  #arm(delayMs: number): void {
    if (this.#isClosed || this.#isWriting || this.#timer !== null) return;
    this.#timer = this.#time.after(delayMs, () => {
      this.#timer = null;
      this.#writing = this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    let pauseMs = DEAD_LETTER_COALESCE_MS;
    try {
      await this.#commitBatch();
    } catch {
      // The store's health tells why. The letters wait, as many as may.
      pauseMs = WRITER_RETRY_MAX_MS;
    }
    this.#isWriting = false;
    if (this.#queue.length > 0) this.#arm(pauseMs);
  }

  async #commitBatch(): Promise<void> {
    const batch = this.#queue.slice(0, DEAD_LETTERS_PER_COMMIT);
    const notKept = this.#notKept;
    const letters = batch.map(({ letter }) => letter);
    if (notKept > 0) letters.push(notKeptLetter(notKept, this.#time.nowMs()));
    // Only another process can be in the way, and then the head is read again.
    // deno-lint-ignore no-await-in-loop -- attempts follow each other
    while (!await this.#store(letters));
    this.#queue.splice(0, batch.length);
    this.#notKept -= notKept;
    for (const { resolve } of batch) resolve();
  }

  async #store(letters: readonly Unnumbered[]): Promise<boolean> {
    const head = await this.#kv.get<{ n: number }>(keys.deadLetterHead());
    const first = (head.value?.n ?? 0) + 1;
    const numbered = letters.map((letter, place) => ({
      ...letter,
      n: first + place,
    }));
    const outcome = await this.#kv.commit({
      checks: [{
        key: keys.deadLetterHead(),
        versionstamp: head.versionstamp,
      }],
      sets: [
        ...numbered.map((letter) => ({
          key: keys.deadLetter(letter.n),
          value: { v: 1, letter },
        })),
        {
          key: keys.deadLetterHead(),
          value: { v: 1, n: first + letters.length - 1 },
        },
      ],
      deletes: numbered
        .map(({ n }) => n - RETAINED_DEAD_LETTERS)
        .filter((n) => n > 0)
        .map(keys.deadLetter),
    });
    return outcome.ok;
  }
}

function notKeptLetter(count: number, at: number): Unnumbered {
  return {
    at,
    actorId: "store",
    agentId: null,
    agentName: null,
    epoch: 0,
    reason: "not_kept",
    link: null,
    detail: `${count} more dead letters came faster than they could be stored`,
  };
}

function cut(letter: Unnumbered): Unnumbered {
  const short = (text: string) =>
    redactLine(text).slice(0, MAX_DEAD_LETTER_TEXT);
  return {
    ...letter,
    actorId: short(letter.actorId),
    link: letter.link === null ? null : short(letter.link),
    detail: short(letter.detail),
  };
}

function closedError(): AppError {
  return new AppError(
    "STORE_UNAVAILABLE",
    "The store is closing and takes no more dead letters; this one was not stored",
    { status: 503 },
  );
}
