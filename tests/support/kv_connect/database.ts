import type { AtomicWrite, Entry, ReadRange } from "./messages.ts";

/** An ordered map of keys to entries with atomic checked writes: what a KV server is at heart. */
export class MemoryDatabase {
  readonly #entries = new Map<string, Entry>();
  /** Keys in hexadecimal, whose order is that of the bytes. */
  readonly #order: string[] = [];
  #version = 0;
  readonly #listeners = new Set<() => void>();

  /** Entries of a range. */
  read(range: ReadRange): Entry[] {
    const from = this.#place(toHex(range.start));
    const to = this.#place(toHex(range.end));
    const keys = range.reverse
      ? this.#order.slice(Math.max(from, to - range.limit), to).reverse()
      : this.#order.slice(from, Math.min(to, from + range.limit));
    return keys.map((key) => this.#entries.get(key)!);
  }

  /** One entry, or null. */
  get(key: Uint8Array): Entry | null {
    return this.#entries.get(toHex(key)) ?? null;
  }

  /** Does all of a write or nothing; answers with its versionstamp, or null if a check failed. */
  write(write: AtomicWrite): Uint8Array | null {
    const isHeld = write.checks.every(({ key, versionstamp }) => {
      const stored = this.get(key)?.versionstamp ?? new Uint8Array();
      return toHex(stored) === toHex(versionstamp);
    });
    if (!isHeld) return null;
    const versionstamp = new Uint8Array(10);
    new DataView(versionstamp.buffer).setUint32(4, ++this.#version);
    for (const { key, kind, value, encoding } of write.mutations) {
      if (kind === "delete") this.#delete(toHex(key));
      else this.#set(toHex(key), { key, value, encoding, versionstamp });
    }
    for (const onWrite of this.#listeners) onWrite();
    return versionstamp;
  }

  /** Calls back after each write. */
  listen(onWrite: () => void): { close(): void } {
    this.#listeners.add(onWrite);
    return { close: () => this.#listeners.delete(onWrite) };
  }

  #set(key: string, entry: Entry): void {
    if (!this.#entries.has(key)) {
      this.#order.splice(this.#place(key), 0, key);
    }
    this.#entries.set(key, entry);
  }

  #delete(key: string): void {
    if (this.#entries.delete(key)) this.#order.splice(this.#place(key), 1);
  }

  /** Where a key stands, or would stand. */
  #place(key: string): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}
