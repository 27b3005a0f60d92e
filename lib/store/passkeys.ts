import type { AuditEntry } from "../contracts/audit.ts";
import { MAX_PASSKEYS, type StoredPasskey } from "../contracts/passkey.ts";
import type { AuditLog } from "./audit.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import type { PasskeyStore } from "./port.ts";

type Kept = { passkey: StoredPasskey };

/** Passkeys by person, and an index by credential. */
export class KvPasskeyStore implements PasskeyStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async of(userId: string): Promise<readonly StoredPasskey[]> {
    const entries = await entriesOf(this.#kv, userId);
    return entries.map(({ value }) => value.passkey);
  }

  async byCredential(credentialId: string): Promise<StoredPasskey | null> {
    const index = await this.#kv.get<{ userId: string; id: string }>(
      keys.passkeyCredential(credentialId),
    );
    if (index.value === null) return null;
    const { userId, id } = index.value;
    const entry = await this.#kv.get<Kept>(keys.passkey(userId, id));
    return entry.value?.passkey ?? null;
  }

  add(passkey: StoredPasskey, audit: AuditEntry): Promise<boolean> {
    const { userId, id, credentialId } = passkey;
    const index = keys.passkeyCredential(credentialId);
    const key = keys.passkey(userId, id);
    return this.#audit.commitWith(audit, async () => {
      const [known, own] = await Promise.all([
        this.#kv.get(index),
        entriesOf(this.#kv, userId),
      ]);
      if (known.value !== null || own.length >= MAX_PASSKEYS) return null;
      return {
        checks: [
          { key: index, versionstamp: null },
          { key, versionstamp: null },
        ],
        sets: [
          { key, value: { v: 1, passkey } },
          { key: index, value: { v: 1, userId, id } },
        ],
      };
    });
  }

  replace(
    expected: StoredPasskey,
    { passkey, audit }: { passkey: StoredPasskey; audit: AuditEntry },
  ): Promise<boolean> {
    const key = keys.passkey(expected.userId, expected.id);
    return this.#audit.commitWith(audit, async () => {
      const entry = await this.#kv.get<Kept>(key);
      if (entry.value === null || !isSame(entry.value.passkey, expected)) {
        return null;
      }
      return {
        checks: [{ key, versionstamp: entry.versionstamp }],
        sets: [{ key, value: { v: 1, passkey } }],
      };
    });
  }

  remove(passkey: StoredPasskey, audit: AuditEntry): Promise<boolean> {
    const key = keys.passkey(passkey.userId, passkey.id);
    return this.#audit.commitWith(audit, async () => {
      const entry = await this.#kv.get<Kept>(key);
      if (entry.value === null) return null;
      return {
        checks: [{ key, versionstamp: entry.versionstamp }],
        deletes: [key, keys.passkeyCredential(passkey.credentialId)],
      };
    });
  }
}

/** Every key that the passkeys of a person have. */
export async function passkeyKeys(
  kv: GuardedKv,
  userId: string,
): Promise<readonly Deno.KvKey[]> {
  const entries = await entriesOf(kv, userId);
  return entries.flatMap(({ key, value }) => [
    key,
    keys.passkeyCredential(value.passkey.credentialId),
  ]);
}

function entriesOf(
  kv: GuardedKv,
  userId: string,
): Promise<Deno.KvEntry<Kept>[]> {
  return kv.list<Kept>(
    { prefix: keys.passkeysOf(userId) },
    { limit: MAX_PASSKEYS },
  );
}

/** What changes of a passkey: whoever read an older one has lost a race. */
function isSame(one: StoredPasskey, other: StoredPasskey): boolean {
  return one.counter === other.counter && one.name === other.name &&
    one.lastUsedAt === other.lastUsedAt;
}
