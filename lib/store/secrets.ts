import { checkedSize } from "./kv/size.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import type { SecretStore } from "./port.ts";

/**
 * Values of the same family that are no secrets: what the first start of a data
 * folder fixed. They are never sealed, because they must outlive a lost key.
 */
export const PLAIN_VALUES: readonly string[] = [
  "order-namespace",
  "simulated-market-genesis",
];

/** Named secrets of the server, as they are given: whoever gives them has sealed them. */
export class KvSecretStore implements SecretStore {
  readonly #kv: GuardedKv;

  constructor(kv: GuardedKv) {
    this.#kv = kv;
  }

  async read(name: string): Promise<{ text: string; version: string } | null> {
    const entry = await this.#kv.get<{ value: string }>(keys.secret(name));
    return entry.versionstamp === null
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

/** Reads a secret, or creates it; of two creators at once one wins and both get its text. */
export async function createOnce(
  secrets: SecretStore,
  name: string,
  create: () => Promise<string>,
): Promise<string> {
  const known = await secrets.read(name);
  if (known !== null) return known.text;
  const text = await create();
  return await secrets.write(name, { text, version: null })
    ? text
    : createOnce(secrets, name, create);
}
