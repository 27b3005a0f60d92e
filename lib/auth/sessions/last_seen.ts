import { LAST_SEEN_MAX, LAST_SEEN_STORE_MS } from "../limits.ts";

/** What the times of last use are kept with. */
export interface LastSeenOptions {
  nowMs: () => number;
  /** Stores a time; what fails is tried again with a later one. */
  store: (id: string, at: number) => Promise<unknown>;
}

/**
 * When logins or tokens were used last. A use is noted in memory at once and
 * stored at most once a minute, beside the request and not before it: a store
 * that is slow or takes no writes holds nobody up, and whoever works goes on.
 */
export class LastSeen {
  readonly #options: LastSeenOptions;
  readonly #known = new Map<string, { seenAt: number; triedAt: number }>();
  readonly #writes = new Set<Promise<unknown>>();

  constructor(options: LastSeenOptions) {
    this.#options = options;
  }

  /** Notes a use now; `storedAt` is what the store knows. */
  note(id: string, storedAt: number | null): void {
    const now = this.#options.nowMs();
    const known = this.#known.get(id);
    const triedAt = Math.max(known?.triedAt ?? 0, storedAt ?? 0);
    const isDue = now - triedAt >= LAST_SEEN_STORE_MS;
    this.#known.delete(id);
    this.#known.set(id, { seenAt: now, triedAt: isDue ? now : triedAt });
    if (this.#known.size > LAST_SEEN_MAX) {
      this.#known.delete(this.#known.keys().next().value!);
    }
    if (isDue) this.#write(id, now);
  }

  /** The newest of what memory and store know. */
  at(id: string, storedAt: number): number {
    return Math.max(storedAt, this.#known.get(id)?.seenAt ?? 0);
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  /** Waits for what is being stored. */
  async stored(): Promise<void> {
    await Promise.all(this.#writes);
  }

  #write(id: string, at: number): void {
    const write = this.#options.store(id, at).catch(() => {})
      .finally(() => this.#writes.delete(write));
    this.#writes.add(write);
  }
}
