import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import type { AuditLog } from "./audit.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { checkedSize } from "./kv/codec.ts";
import { versionOf } from "./families.ts";
import { keys } from "./keys.ts";
import { LIST_BATCH } from "./limits.ts";
import type { AuditEntry, ExchangeKeyStore } from "./port.ts";

/** Exchange keys, sealed: the store never sees one in clear. */
export class KvExchangeKeyStore implements ExchangeKeyStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async list(): Promise<readonly StoredExchangeKey[]> {
    const entries = await this.#kv.list<{ key: StoredExchangeKey }>(
      { prefix: keys.exchangeKeys() },
      { limit: LIST_BATCH },
    );
    return entries.map(({ value }) => value.key);
  }

  async save(key: StoredExchangeKey, audit: AuditEntry): Promise<void> {
    const value = { v: versionOf("exchange_key"), key };
    checkedSize(value, `The exchange key "${key.view.label}"`);
    await this.#audit.commitWith(
      audit,
      () =>
        Promise.resolve({
          sets: [{ key: keys.exchangeKey(key.view.id), value }],
        }),
    );
  }

  async remove(id: string, audit: AuditEntry): Promise<void> {
    await this.#audit.commitWith(
      audit,
      () => Promise.resolve({ deletes: [keys.exchangeKey(id)] }),
    );
  }
}
