import type { StoredApiToken } from "../contracts/api_token.ts";
import type { AuditEntry } from "../contracts/audit.ts";
import type { AuditLog } from "./audit.ts";
import { checkedSize } from "./kv/size.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { LIST_BATCH } from "./limits.ts";
import type { ApiTokenStore } from "./port.ts";

type Stored = { token: StoredApiToken };

/** Personal API tokens by id, with an index by user and one by the hash of the text. */
export class KvApiTokenStore implements ApiTokenStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async create(token: StoredApiToken, audit: AuditEntry): Promise<void> {
    const { id, userId, hash, expiresAt } = token;
    const value = { v: 1, token };
    checkedSize(value, `The API token "${token.name}"`);
    await this.#audit.commitWith(audit, () =>
      Promise.resolve({
        sets: [
          { key: keys.apiToken(id), value },
          { key: keys.userApiToken(userId, id), value: { v: 1, expiresAt } },
          { key: keys.apiTokenHash(hash), value: { v: 1, id, expiresAt } },
        ],
      }));
  }

  async byId(id: string): Promise<StoredApiToken | null> {
    const entry = await this.#kv.get<Stored>(keys.apiToken(id));
    return entry.value?.token ?? null;
  }

  async byHash(hash: string): Promise<StoredApiToken | null> {
    const index = await this.#kv.get<{ id: string }>(keys.apiTokenHash(hash));
    return index.value === null ? null : await this.byId(index.value.id);
  }

  async ofUser(userId: string): Promise<readonly StoredApiToken[]> {
    const index = await this.#kv.list(
      { prefix: keys.userApiTokens(userId) },
      { limit: LIST_BATCH },
    );
    const entries = await this.#kv.getMany<Stored>(
      index.map(({ key }) => keys.apiToken(String(key.at(-1)))),
    );
    return entries.flatMap(({ value }) => value === null ? [] : value.token);
  }

  async touch(id: string, at: number): Promise<void> {
    const key = keys.apiToken(id);
    const entry = await this.#kv.get<Stored>(key);
    if (entry.value === null) return;
    const { token } = entry.value;
    // Where somebody else was first, theirs says as much.
    await this.#kv.commit({
      checks: [{ key, versionstamp: entry.versionstamp }],
      sets: [{ key, value: { v: 1, token: { ...token, lastUsedAt: at } } }],
    });
  }

  remove(id: string, audit: AuditEntry): Promise<boolean> {
    const key = keys.apiToken(id);
    return this.#audit.commitWith(audit, async () => {
      const entry = await this.#kv.get<Stored>(key);
      if (entry.value === null) return null;
      const { userId, hash } = entry.value.token;
      return {
        deletes: [
          key,
          keys.userApiToken(userId, id),
          keys.apiTokenHash(hash),
        ],
      };
    });
  }
}
