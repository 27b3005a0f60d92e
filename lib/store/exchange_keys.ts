import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import type { AuditLog } from "./audit.ts";
import { changeOf } from "./changes.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { listAll } from "./kv/list_all.ts";
import { checkedSize } from "./kv/size.ts";
import { versionOf } from "./families.ts";
import { keys } from "./keys.ts";
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
    const entries = await listAll<{ key: StoredExchangeKey }>(
      this.#kv,
      keys.exchangeKeys(),
    );
    return entries.map(({ value }) => value.key);
  }

  async save(key: StoredExchangeKey, audit: AuditEntry): Promise<void> {
    const set = setOf(key);
    await this.#audit.commitWith(
      audit,
      () => Promise.resolve({ sets: [set, changeOf("exchange_keys")] }),
    );
  }

  async change(
    id: string,
    plan: (key: StoredExchangeKey) => StoredExchangeKey | null,
    audit: AuditEntry,
  ): Promise<StoredExchangeKey | null> {
    const key = keys.exchangeKey(id);
    let next: StoredExchangeKey | null = null;
    const isStored = await this.#audit.commitWith(audit, async () => {
      const { value, versionstamp } = await this.#kv.get<
        { key: StoredExchangeKey }
      >(key);
      next = value === null ? null : plan(value.key);
      return next === null ? null : {
        checks: [{ key, versionstamp }],
        sets: [setOf(next), changeOf("exchange_keys")],
      };
    });
    return isStored ? next : null;
  }

  async remove(id: string, audit: AuditEntry): Promise<void> {
    await this.#audit.commitWith(
      audit,
      () =>
        Promise.resolve({
          sets: [changeOf("exchange_keys")],
          deletes: [keys.exchangeKey(id)],
        }),
    );
  }
}

function setOf(key: StoredExchangeKey): { key: Deno.KvKey; value: unknown } {
  const value = { v: versionOf("exchange_key"), key };
  checkedSize(value, `The exchange key "${key.view.label}"`);
  return { key: keys.exchangeKey(key.view.id), value };
}
