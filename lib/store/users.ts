import type { User } from "../contracts/auth.ts";
import type { AuditLog } from "./audit.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { LIST_BATCH } from "./limits.ts";
import type { AuditEntry, UserStore } from "./port.ts";

interface StoredUser {
  v: 2;
  user: User;
  passwordHash: string;
}

/** Accounts. */
export class KvUserStore implements UserStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  /** Number of accounts, at most {@link LIST_BATCH}: who asks wants to know whether there is any. */
  async count(): Promise<number> {
    const users = await this.#kv.list(
      { prefix: keys.users() },
      { limit: LIST_BATCH },
    );
    return users.length;
  }

  async byEmail(
    email: string,
  ): Promise<{ user: User; passwordHash: string } | null> {
    const index = await this.#kv.get<{ id: string }>(keys.userEmail(email));
    if (index.value === null) return null;
    const entry = await this.#kv.get<StoredUser>(keys.user(index.value.id));
    if (entry.value === null) return null;
    const { user, passwordHash } = entry.value;
    return { user, passwordHash };
  }

  async byId(id: string): Promise<User | null> {
    const entry = await this.#kv.get<StoredUser>(keys.user(id));
    return entry.value?.user ?? null;
  }

  async list(): Promise<readonly User[]> {
    const users = await this.#kv.list<StoredUser>(
      { prefix: keys.users() },
      { limit: LIST_BATCH },
    );
    return users.map(({ value }) => value.user);
  }

  create(
    user: User,
    options: { passwordHash: string; onlyFirst: boolean; audit: AuditEntry },
  ): Promise<boolean> {
    const { passwordHash, onlyFirst, audit } = options;
    return this.#audit.commitWith(audit, async () => {
      const wanted = [keys.userEmail(user.email), keys.user(user.id)];
      const [email, id, first] = await this.#kv.getMany([
        ...wanted,
        keys.firstUser(),
      ]);
      const isTaken = email!.versionstamp !== null || id!.versionstamp !== null;
      if (isTaken || (onlyFirst && first!.versionstamp !== null)) return null;
      const value: StoredUser = { v: 2, user, passwordHash };
      const checked = [...wanted, keys.firstUser()];
      return {
        checks: checked.map((key) => ({
          key,
          versionstamp: key[0] === "first_user" ? first!.versionstamp : null,
        })),
        sets: [
          { key: keys.user(user.id), value },
          { key: keys.userEmail(user.email), value: { v: 1, id: user.id } },
          { key: keys.firstUser(), value: { v: 1, id: user.id } },
        ],
      };
    });
  }
}
