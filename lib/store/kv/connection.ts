/**
 * The low-level port of the store: what it needs of a key-value database, and
 * nothing more. Everything above it is the same over Deno KV and over the
 * simulated database in memory, so that a simulation runs the real store.
 *
 * There is no `sum`, `min` or `max` and no queue: on SQLite a commit in which
 * such a mutation fails is torn.
 *
 * @module
 */

/** One atomic write: all of it or nothing. */
export interface AtomicWrite {
  checks: readonly { key: Deno.KvKey; versionstamp: string | null }[];
  sets: readonly { key: Deno.KvKey; value: unknown }[];
  deletes: readonly Deno.KvKey[];
}

/** What became of a write that was answered: done, or a check failed and nothing happened. */
export type WriteOutcome =
  | { ok: true; versionstamp: string }
  | { ok: false };

/** How much of a selector is read, and from which end. */
export interface ListLimits {
  limit: number;
  reverse?: boolean;
}

/**
 * A connection to one database. Each method may reject, hang, or (a write) be
 * done although it rejected: deadlines, op ids and reading back are the
 * caller's part (guarded_kv.ts).
 */
export interface KvConnection {
  get<T>(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<T>>;
  /** At most `MAX_GET_MANY` keys; one snapshot. */
  getMany<T>(
    wanted: readonly Deno.KvKey[],
  ): Promise<Deno.KvEntryMaybe<T>[]>;
  list<T>(
    selector: Deno.KvListSelector,
    limits: ListLimits,
  ): Promise<Deno.KvEntry<T>[]>;
  write(write: AtomicWrite): Promise<WriteOutcome>;
  /** The newest entries of the keys, now and after changes; several changes may be one. */
  watch(
    keys: readonly Deno.KvKey[],
  ): ReadableStream<readonly Deno.KvEntryMaybe<unknown>[]>;
  /** Later calls reject; watches end. */
  close(): void;
}
