import type { AuditEntry } from "../contracts/audit.ts";
import type { User } from "../contracts/auth.ts";
import type { StoredInvite } from "../contracts/people.ts";
import type { AuditLog } from "./audit.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { LIST_BATCH, MAX_INVITES, MAX_USERS } from "./limits.ts";
import { planUserChange, type StoredUser } from "./people.ts";
import { passkeyKeys } from "./passkeys.ts";
import type { InviteStore, UserChange } from "./port.ts";

type Kept = { invite: StoredInvite };

/** One-time links by the hash of their tokens. Whoever takes one deletes it in the same commit. */
export class KvInviteStore implements InviteStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async list(): Promise<readonly StoredInvite[]> {
    return (await this.#entries()).map(({ value }) => value.invite);
  }

  async find(tokenHash: string): Promise<StoredInvite | null> {
    const entry = await this.#kv.get<Kept>(keys.invite(tokenHash));
    return entry.value?.invite ?? null;
  }

  async create(
    invite: StoredInvite,
    audit: AuditEntry,
  ): Promise<"done" | "exists" | "full"> {
    let refusal: "exists" | "full" = "full";
    const emailKey = keys.userEmail(invite.email);
    const isDone = await this.#audit.commitWith(audit, async () => {
      const [account, entries, users] = await Promise.all([
        this.#kv.get(emailKey),
        this.#entries(),
        this.#kv.list({ prefix: keys.users() }, { limit: LIST_BATCH }),
      ]);
      const isNew = invite.kind === "invite";
      if (isNew && account.value !== null) {
        refusal = "exists";
        return null;
      }
      const older = entries.filter(({ value }) =>
        value.invite.email === invite.email
      );
      const isFull = entries.length - older.length >= MAX_INVITES ||
        isNew && users.length >= MAX_USERS;
      if (isFull) return null;
      return {
        checks: [{ key: emailKey, versionstamp: account.versionstamp }],
        sets: [{ key: keys.invite(invite.tokenHash), value: { v: 1, invite } }],
        deletes: older.map(({ key }) => key),
      };
    });
    return isDone ? "done" : refusal;
  }

  revoke(id: string, audit: AuditEntry): Promise<boolean> {
    return this.#audit.commitWith(audit, async () => {
      const found = (await this.#entries()).find(({ value }) =>
        value.invite.id === id
      );
      if (found === undefined) return null;
      const { key, versionstamp } = found;
      return { checks: [{ key, versionstamp }], deletes: [key] };
    });
  }

  admit(
    invite: StoredInvite,
    { user, passwordHash, audit }: {
      user: User;
      passwordHash: string;
      audit: AuditEntry;
    },
  ): Promise<boolean> {
    const inviteKey = keys.invite(invite.tokenHash);
    const emailKey = keys.userEmail(user.email);
    const userKey = keys.user(user.id);
    return this.#audit.commitWith(audit, async () => {
      const [open, account, users] = await Promise.all([
        this.#kv.get<Kept>(inviteKey),
        this.#kv.get(emailKey),
        this.#kv.list({ prefix: keys.users() }, { limit: LIST_BATCH }),
      ]);
      const isTaken = open.value === null || account.value !== null;
      if (isTaken || users.length >= MAX_USERS) return null;
      const value: StoredUser = { v: 2, user, passwordHash };
      return {
        checks: [
          { key: inviteKey, versionstamp: open.versionstamp },
          { key: emailKey, versionstamp: null },
          { key: userKey, versionstamp: null },
        ],
        sets: [
          { key: userKey, value },
          { key: emailKey, value: { v: 1, id: user.id } },
        ],
        deletes: [inviteKey],
      };
    });
  }

  reset(
    invite: StoredInvite,
    change: UserChange & { passwordHash: string },
  ): Promise<boolean> {
    const inviteKey = keys.invite(invite.tokenHash);
    const { id } = change.user;
    return this.#audit.commitWith(change.audit, async () => {
      const [open, plan] = await Promise.all([
        this.#kv.get<Kept>(inviteKey),
        planUserChange(this.#kv, change),
      ]);
      if (open.value === null || typeof plan === "string") return null;
      const factors = invite.removesFactor
        ? [keys.secondFactor(id), ...await passkeyKeys(this.#kv, id)]
        : [];
      return {
        checks: [
          { key: inviteKey, versionstamp: open.versionstamp },
          ...plan.checks,
        ],
        sets: plan.sets,
        deletes: [inviteKey, ...factors],
      };
    });
  }

  #entries(): Promise<Deno.KvEntry<Kept>[]> {
    return this.#kv.list<Kept>(
      { prefix: keys.invites() },
      { limit: LIST_BATCH },
    );
  }
}
