import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { PROBE_BYTES } from "./limits.ts";

/** Writes a value that nobody reads, to learn whether the disk takes writes. */
export class StoreProbe {
  readonly #kv: GuardedKv;
  #previousOpId: string | null = null;

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  /** @returns whether the write was done. */
  async run(): Promise<boolean> {
    const opId = this.#kv.createOpId();
    const previous = this.#previousOpId;
    try {
      const value = { v: 1, bytes: new Uint8Array(PROBE_BYTES) };
      const { ok } = await this.#kv.commit({
        sets: [{ key: keys.probe(), value }],
        deletes: previous === null ? [] : [keys.op(previous)],
      }, opId);
      if (ok) this.#previousOpId = opId;
      return ok;
    } catch {
      // What it found is in the health of the store.
      return false;
    }
  }
}
