import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { keys, WATCHED_KEYS } from "../keys.ts";
import {
  HEAD_POLL_FAST_MS,
  HEAD_POLL_MS,
  HEAD_WATCH_RENEW_MS,
} from "../limits.ts";

/**
 * Knows the sequence of the last committed event and tells whoever asked. One
 * KV watch per process, and a poll beside it because a watch over a half-open
 * link stalls without an error. A poll that finds what the watch has not told
 * makes the polls faster until the watch tells again; a watch that stays silent
 * is replaced. Our own commits are told directly.
 */
export class HeadWatch {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;
  readonly #listeners = new Set<(seq: number) => void>();
  #seq: number;
  #told: number;
  #scheduled = false;
  #reader: ReadableStreamDefaultReader<unknown> | null = null;
  #poll: TimeSourceTimer | null = null;
  /** What the watch has told last, and for how long polls have found more than that. */
  #watchedSeq: number;
  #behindMs = 0;
  #closed = false;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: { kv: GuardedKv; time: TimeSource; seq: number }) {
    this.#kv = options.kv;
    this.#time = options.time;
    this.#seq = options.seq;
    this.#told = options.seq;
    this.#watchedSeq = options.seq;
  }

  /** Sequence of the last committed event that this process knows of. */
  get seq(): number {
    return this.#seq;
  }

  /** Starts the watch and the poll. */
  start(): void {
    this.#armPoll();
    this.#watching = this.#watch();
  }

  /** Calls back when the head has moved; several moves may be one call. */
  listen(onHead: (seq: number) => void): { close(): void } {
    this.#listeners.add(onHead);
    return { close: () => this.#listeners.delete(onHead) };
  }

  /** Moves the head forward; an older number changes nothing. */
  advance(seq: number): void {
    if (seq <= this.#seq) return;
    this.#seq = seq;
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#tell());
  }

  /** Ends watch and poll. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#poll?.cancel();
    this.#listeners.clear();
    await this.#reader?.cancel().catch(() => {});
    await this.#watching;
  }

  #tell(): void {
    this.#scheduled = false;
    if (this.#told === this.#seq) return;
    this.#told = this.#seq;
    for (const onHead of this.#listeners) onHead(this.#seq);
  }

  #armPoll(): void {
    if (this.#closed) return;
    const delayMs = this.#behindMs > 0 ? HEAD_POLL_FAST_MS : HEAD_POLL_MS;
    this.#poll = this.#time.after(delayMs, () => {
      void this.#pollOnce(delayMs).then(() => this.#armPoll());
    });
  }

  async #watch(): Promise<void> {
    let reader: ReadableStreamDefaultReader<unknown> | null = null;
    try {
      reader = this.#kv.watch(WATCHED_KEYS).getReader();
      this.#reader = reader;
      for (;;) {
        // deno-lint-ignore no-await-in-loop -- changes come one after another
        const { done, value } = await reader.read();
        if (done) break;
        this.#hear(value as Deno.KvEntryMaybe<{ seq: number }>[]);
      }
    } catch {
      // A watch that broke is replaced by the next poll.
    }
    if (this.#reader === reader) this.#reader = null;
  }

  #hear(heads: readonly Deno.KvEntryMaybe<{ seq: number }>[]): void {
    this.#behindMs = 0;
    for (const { value } of heads) {
      if (value === null) continue;
      this.#watchedSeq = Math.max(this.#watchedSeq, value.seq);
      this.advance(value.seq);
    }
  }

  async #pollOnce(sinceLastMs: number): Promise<void> {
    if (this.#closed) return;
    if (this.#reader === null) this.#watching = this.#watch();
    try {
      const head = await this.#kv.get<{ seq: number }>(keys.head());
      if (head.value === null) return;
      const { seq } = head.value;
      // What another process wrote and the watch did not tell; our own commits
      // move the head without it.
      const isNews = seq > this.#seq;
      if (isNews || (this.#behindMs > 0 && seq > this.#watchedSeq)) {
        this.#behindMs += sinceLastMs;
      }
      this.advance(seq);
      if (this.#behindMs >= HEAD_WATCH_RENEW_MS) this.#renewWatch();
    } catch {
      // The store's health tells of the failure; the next poll tries again.
    }
  }

  /** Gives up a silent watch; the next poll opens another. */
  #renewWatch(): void {
    this.#behindMs = HEAD_POLL_FAST_MS;
    const silent = this.#reader;
    this.#reader = null;
    // Over a half-open link even this may never settle.
    void silent?.cancel().catch(() => {});
  }
}
