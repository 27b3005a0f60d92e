import { checkedSize } from "./kv/codec.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import type { SecretStore } from "./port.ts";

/** Secrets in the store as they are given; who wants them sealed wraps this. */
export class KvSecretStore implements SecretStore {
  readonly #kv: GuardedKv;

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  async read(
    name: string,
  ): Promise<{ text: string; version: string } | null> {
    const entry = await this.#kv.get<{ value: string }>(keys.secret(name));
    return entry.value === null
      ? null
      : { text: entry.value.value, version: entry.versionstamp };
  }

  async write(
    name: string,
    { text, version }: { text: string; version: string | null },
  ): Promise<boolean> {
    const key = keys.secret(name);
    const value = { v: 1, value: text };
    checkedSize(value, `The secret "${name}"`);
    const outcome = await this.#kv.commit({
      checks: [{ key, versionstamp: version }],
      sets: [{ key, value }],
    });
    return outcome.ok;
  }
}
