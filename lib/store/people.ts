import type { User } from "../contracts/auth.ts";
import type { AuditLog } from "./audit.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { LIST_BATCH, MAX_PAGE } from "./limits.ts";
import type {
  ChangeOutcome,
  PeopleStore,
  StorePage,
  UserChange,
} from "./port.ts";

/** What is kept of an account. */
export interface StoredUser {
  v: 2;
  user: User;
  passwordHash: string;
}

/** Accounts after they were made. */
export class KvPeopleStore implements PeopleStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async page(
    options: { limit: number; cursor: string | null },
  ): Promise<StorePage<User>> {
    const limit = Math.min(options.limit, MAX_PAGE - 1);
    const prefix = keys.users();
    const entries = await this.#kv.list<StoredUser>(
      options.cursor === null
        ? { prefix }
        // The smallest key behind the cursor's.
        : { prefix, start: keys.user(`${options.cursor}\0`) },
      { limit: limit + 1 },
    );
    const items = entries.slice(0, limit).map(({ value }) => value.user);
    return {
      items,
      nextCursor: entries.length > limit ? items.at(-1)!.id : null,
    };
  }

  async change(change: UserChange): Promise<ChangeOutcome> {
    let refusal: ChangeOutcome = "stale";
    const isDone = await this.#audit.commitWith(change.audit, async () => {
      const plan = await planUserChange(this.#kv, change);
      if (typeof plan !== "string") return plan;
      refusal = plan;
      return null;
    });
    return isDone ? "done" : refusal;
  }

  async rehash(
    userId: string,
    { from, to }: { from: string; to: string },
  ): Promise<void> {
    const key = keys.user(userId);
    const { value, versionstamp } = await this.#kv.get<StoredUser>(key);
    if (value === null || value.passwordHash !== from) return;
    await this.#kv.commit({
      checks: [{ key, versionstamp }],
      sets: [{ key, value: { ...value, passwordHash: to } }],
    });
  }
}

/**
 * The commit of a change, or why there is none. Every change of an account
 * checks and sets one common key: of two that each leave the other's admin in
 * place, one has to look again.
 */
export async function planUserChange(
  kv: GuardedKv,
  { expected, user, passwordHash }: UserChange,
): Promise<Required<Pick<Commit, "checks" | "sets">> | "stale" | "last_admin"> {
  const key = keys.user(user.id);
  const headKey = keys.peopleHead();
  const [known, head] = await Promise.all([
    kv.get<StoredUser>(key),
    kv.get<{ n: number }>(headKey),
  ]);
  if (known.value === null || known.value.user.epoch !== expected.epoch) {
    return "stale";
  }
  const isAdminLost = isActiveAdmin(known.value.user) && !isActiveAdmin(user);
  if (isAdminLost) {
    const all = await kv.list<StoredUser>(
      { prefix: keys.users() },
      { limit: LIST_BATCH },
    );
    const remains = all.some(({ value }) =>
      value.user.id !== user.id && isActiveAdmin(value.user)
    );
    if (!remains) return "last_admin";
  }
  const value: StoredUser = {
    v: 2,
    user,
    passwordHash: passwordHash ?? known.value.passwordHash,
  };
  return {
    checks: [
      { key, versionstamp: known.versionstamp },
      { key: headKey, versionstamp: head.versionstamp },
    ],
    sets: [
      { key, value },
      { key: headKey, value: { v: 1, n: (head.value?.n ?? 0) + 1 } },
    ],
  };
}

function isActiveAdmin({ role, status }: User): boolean {
  return role === "admin" && status === "active";
}
