import type { ChangeStore } from "./change_port.ts";
import { CHANGE_NAMES, type ChangeName } from "./change_port.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";

/** What a commit sets besides, so that processes that have read such things read them again. */
export function changeOf(name: ChangeName): {
  key: Deno.KvKey;
  value: { v: 1 };
} {
  return { key: keys.changed(name), value: { v: 1 } };
}

/** When what lies in the memory of processes was changed in the store. */
export class KvChanges implements ChangeStore {
  readonly #kv: GuardedKv;

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  async stamps(): Promise<Readonly<Record<ChangeName, string | null>>> {
    const entries = await this.#kv.getMany(CHANGE_NAMES.map(keys.changed));
    const named = CHANGE_NAMES.map((name, place) =>
      [name, entries[place]!.versionstamp] as const
    );
    return Object.fromEntries(named) as Record<ChangeName, string | null>;
  }
}
