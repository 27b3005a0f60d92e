import { deserialize, serialize } from "node:v8";
import type { AtomicWrite, ListLimits, WriteOutcome } from "./connection.ts";
import { encodeReadKey, encodeWrittenKey } from "./key_order.ts";
import {
  KV_MAX_CHECKS,
  KV_MAX_MUTATIONS,
  KV_MAX_VALUE_BYTES,
  KV_MAX_WRITE_BYTES,
  KV_MAX_WRITE_KEYS_BYTES,
} from "./limits.ts";

/** One entry as it is kept: its value is frozen in bytes, so that nobody can change it from outside. */
interface StoredEntry {
  key: Deno.KvKey;
  bytes: Uint8Array;
  versionstamp: string;
}

/** A write whose limits were checked and whose values were copied. */
export interface PreparedWrite {
  checks: readonly { encoded: string; versionstamp: string | null }[];
  sets: readonly { encoded: string; key: Deno.KvKey; bytes: Uint8Array }[];
  deletes: readonly string[];
}

/** The committed entries, sorted as Deno KV sorts them. It outlives connections. */
export class MemoryState {
  readonly #entries = new Map<string, StoredEntry>();
  /** The keys of `#entries`, ascending. */
  readonly #order: string[] = [];
  readonly #watchers = new Set<() => void>();
  #version = 0;

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** One entry; a fresh copy of its value. */
  get<T>(key: Deno.KvKey): Deno.KvEntryMaybe<T> {
    const stored = this.#entries.get(encodeReadKey(key));
    return stored === undefined
      ? { key: [...key], value: null, versionstamp: null }
      : toEntry<T>(stored);
  }

  /** Entries of a range of encoded keys. */
  list<T>(
    range: { start: string; end: string },
    { limit, reverse = false }: ListLimits,
  ): Deno.KvEntry<T>[] {
    const from = this.#placeOf(range.start);
    const to = this.#placeOf(range.end);
    const part = reverse
      ? this.#order.slice(Math.max(from, to - limit), to).reverse()
      : this.#order.slice(from, Math.min(to, from + limit));
    return part.map((encoded) => toEntry<T>(this.#entries.get(encoded)!));
  }

  /** Applies all of a write, or nothing if a check fails. */
  apply(write: PreparedWrite): WriteOutcome {
    const isRefused = write.checks.some(({ encoded, versionstamp }) =>
      (this.#entries.get(encoded)?.versionstamp ?? null) !== versionstamp
    );
    if (isRefused) return { ok: false };
    this.#version++;
    const versionstamp = `${this.#version.toString(16).padStart(16, "0")}0000`;
    for (const { encoded, key, bytes } of write.sets) {
      if (!this.#entries.has(encoded)) {
        this.#order.splice(this.#placeOf(encoded), 0, encoded);
      }
      this.#entries.set(encoded, { key, bytes, versionstamp });
    }
    for (const encoded of write.deletes) {
      if (!this.#entries.delete(encoded)) continue;
      this.#order.splice(this.#placeOf(encoded), 1);
    }
    for (const onChange of [...this.#watchers]) onChange();
    return { ok: true, versionstamp };
  }

  /** Calls back after each write. */
  listen(onChange: () => void): { close(): void } {
    this.#watchers.add(onChange);
    return { close: () => this.#watchers.delete(onChange) };
  }

  /** Place of the first key that is not before `encoded`. */
  #placeOf(encoded: string): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#order[middle]! < encoded) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Copies a write and checks it against the limits of Deno KV.
 *
 * @throws {TypeError} in Deno KV's words.
 */
export function prepareWrite(write: AtomicWrite): PreparedWrite {
  if (write.checks.length > KV_MAX_CHECKS) {
    throw new TypeError(`Too many checks (max ${KV_MAX_CHECKS})`);
  }
  if (write.sets.length + write.deletes.length > KV_MAX_MUTATIONS) {
    throw new TypeError(`Too many mutations (max ${KV_MAX_MUTATIONS})`);
  }
  const sets = write.sets.map(({ key, value }) => ({
    encoded: encodeWrittenKey(key),
    key: copyKey(key),
    bytes: toBytes(value),
  }));
  const checks = write.checks.map(({ key, versionstamp }) => {
    checkVersionstamp(versionstamp);
    return { encoded: encodeWrittenKey(key), versionstamp };
  });
  const deletes = write.deletes.map(encodeWrittenKey);
  const setKeyBytes = sumOf(sets, ({ encoded }) => encoded.length);
  const totalBytes = setKeyBytes +
    sumOf(sets, ({ bytes }) => bytes.byteLength) +
    sumOf(checks, ({ encoded }) => encoded.length) +
    sumOf(deletes, (encoded) => encoded.length);
  if (totalBytes > KV_MAX_WRITE_BYTES) {
    throw new TypeError(
      `Total mutation size too large (max ${KV_MAX_WRITE_BYTES} bytes)`,
    );
  }
  if (setKeyBytes > KV_MAX_WRITE_KEYS_BYTES) {
    throw new TypeError(
      `Total key size too large (max ${KV_MAX_WRITE_KEYS_BYTES} bytes)`,
    );
  }
  return { checks, sets, deletes };
}

function toBytes(value: unknown): Uint8Array {
  const bytes = cloneToBytes(value);
  // Bytes are stored as they are, without an envelope.
  const size = value instanceof Uint8Array
    ? value.byteLength
    : bytes.byteLength;
  if (size <= KV_MAX_VALUE_BYTES) return bytes;
  throw new TypeError(`Value too large (max ${KV_MAX_VALUE_BYTES} bytes)`);
}

function cloneToBytes(value: unknown): Uint8Array {
  try {
    return serialize(value);
  } catch (error) {
    throw new TypeError((error as Error).message, { cause: error });
  }
}

function checkVersionstamp(versionstamp: string | null): void {
  if (versionstamp === null || /^[0-9a-f]{20}$/.test(versionstamp)) return;
  throw new TypeError("Invalid check");
}

function toEntry<T>(stored: StoredEntry): Deno.KvEntry<T> {
  return {
    key: copyKey(stored.key),
    // A copy: arrays of bytes that are read back are views of what they came from.
    value: deserialize(new Uint8Array(stored.bytes)) as T,
    versionstamp: stored.versionstamp,
  };
}

/** Strings are stored as UTF-8, which has no half of a surrogate pair. */
function copyKey(key: Deno.KvKey): Deno.KvKey {
  return key.map((part) => {
    if (typeof part === "string") return part.toWellFormed();
    return part instanceof Uint8Array ? part.slice() : part;
  });
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
