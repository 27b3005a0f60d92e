import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import type { GuardedKv } from "../kv/guarded_kv.ts";
import { keys, WATCHED_KEYS } from "../keys.ts";
import { HEAD_POLL_MS } from "../limits.ts";

/**
 * Knows the sequence of the last committed event and tells whoever asked. One
 * KV watch per process, and a poll beside it because a watch over a half-open
 * link stalls without an error. Our own commits are told directly.
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
  #closed = false;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: { kv: GuardedKv; time: TimeSource; seq: number }) {
    this.#kv = options.kv;
    this.#time = options.time;
    this.#seq = options.seq;
    this.#told = options.seq;
  }

  /** Sequence of the last committed event that this process knows of. */
  get seq(): number {
    return this.#seq;
  }

  /** Starts the watch and the poll. */
  start(): void {
    this.#poll = this.#time.every(HEAD_POLL_MS, () => {
      void this.#pollOnce();
    });
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

  async #watch(): Promise<void> {
    try {
      this.#reader = this.#kv.watch(WATCHED_KEYS).getReader();
      for (;;) {
        // deno-lint-ignore no-await-in-loop -- changes come one after another
        const { done, value } = await this.#reader.read();
        if (done) break;
        for (const entry of value as Deno.KvEntryMaybe<{ seq: number }>[]) {
          if (entry.value !== null) this.advance(entry.value.seq);
        }
      }
    } catch {
      // A watch that broke is replaced by the next poll.
    }
    this.#reader = null;
  }

  async #pollOnce(): Promise<void> {
    if (this.#closed) return;
    if (this.#reader === null) this.#watching = this.#watch();
    try {
      const head = await this.#kv.get<{ seq: number }>(keys.head());
      if (head.value !== null) this.advance(head.value.seq);
    } catch {
      // The store's health tells of the failure; the next poll tries again.
    }
  }
}
