import { AppError } from "../core/errors.ts";
import type { AuditEntry } from "../contracts/audit.ts";
import type { RefreshUse, Session, StoredRefresh } from "../contracts/auth.ts";
import type { AuditLog } from "./audit.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import { CHANGE_ATTEMPTS, LIST_BATCH } from "./limits.ts";
import type { SessionStore } from "./port.ts";

type StoredSession = { session: Session };

/**
 * Logins by id, with an index by user and one by the hash of the cookie. Both
 * carry the end of the login, so that the pruner needs nothing else.
 */
export class KvSessionStore implements SessionStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async create(
    session: Session,
    refresh: StoredRefresh | null,
  ): Promise<void> {
    const { id, userId, expiresAt } = session;
    await this.#kv.commit({
      sets: [
        stored(session),
        { key: keys.userSession(userId, id), value: { v: 1, expiresAt } },
        ...session.secretHash === "" ? [] : [secretIndex(session)],
        ...refresh === null ? [] : [storedRefresh(refresh)],
      ],
    });
  }

  async byId(id: string): Promise<Session | null> {
    const entry = await this.#kv.get<StoredSession>(keys.session(id));
    return entry.value?.session ?? null;
  }

  async bySecret(hash: string): Promise<Session | null> {
    const index = await this.#kv.get<{ id: string }>(keys.sessionSecret(hash));
    if (index.value === null) return null;
    const session = await this.byId(index.value.id);
    // Between the two reads it may have got another one.
    return session?.secretHash === hash ? session : null;
  }

  async ofUser(userId: string): Promise<readonly Session[]> {
    const index = await this.#kv.list(
      { prefix: keys.userSessions(userId) },
      { limit: LIST_BATCH },
    );
    const entries = await this.#kv.getMany<StoredSession>(
      index.map(({ key }) => keys.session(String(key.at(-1)))),
    );
    return entries.flatMap(({ value }) => value === null ? [] : value.session);
  }

  async change(
    id: string,
    plan: (session: Session) => Session | null,
  ): Promise<Session | null> {
    const key = keys.session(id);
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const entry = await this.#kv.get<StoredSession>(key);
      if (entry.value === null) return null;
      const { session } = entry.value;
      const next = plan(session);
      if (next === null) return null;
      const isRenewed = next.secretHash !== session.secretHash;
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const outcome = await this.#kv.commit({
        checks: [{ key, versionstamp: entry.versionstamp }],
        sets: [stored(next), ...isRenewed ? [secretIndex(next)] : []],
        deletes: isRenewed ? [keys.sessionSecret(session.secretHash)] : [],
      });
      if (outcome.ok) return next;
    }
    throw new AppError(
      "STORE_UNAVAILABLE",
      `The login ${id} was changed ${CHANGE_ATTEMPTS} times by others meanwhile; try again`,
      { status: 503 },
    );
  }

  async remove(
    ids: readonly string[],
    audit: AuditEntry | null,
  ): Promise<void> {
    const plan = async (): Promise<Commit> => {
      const entries = await this.#kv.getMany<StoredSession>(
        ids.map(keys.session),
      );
      return {
        deletes: entries.flatMap(({ key, value }) => {
          if (value === null) return [];
          const { id, userId, secretHash } = value.session;
          return [
            key,
            keys.userSession(userId, id),
            ...secretHash === "" ? [] : [keys.sessionSecret(secretHash)],
          ];
        }),
      };
    };
    if (audit !== null) {
      await this.#audit.commitWith(audit, plan);
      return;
    }
    await this.#kv.commit(await plan());
  }

  async refresh(hash: string): Promise<StoredRefresh | null> {
    const entry = await this.#kv.get<{ token: StoredRefresh }>(
      keys.refresh(hash),
    );
    return entry.value?.token ?? null;
  }

  async rotate({ used, use, session, next }: {
    used: StoredRefresh;
    use: RefreshUse;
    session: Session;
    next: Session;
  }): Promise<boolean> {
    const wanted = [keys.refresh(used.hash), keys.session(session.id)];
    const [token, login] = await this.#kv.getMany<unknown>(wanted);
    const now = {
      token: (token!.value as { token: StoredRefresh } | null)?.token,
      session: (login!.value as StoredSession | null)?.session,
    };
    if (
      now.token === undefined || now.token.use !== null ||
      now.session?.refreshes !== session.refreshes
    ) {
      return false;
    }
    const successor: StoredRefresh = {
      ...used,
      hash: use.successorHash,
      use: null,
    };
    const outcome = await this.#kv.commit({
      checks: [token!, login!].map(({ key, versionstamp }) => ({
        key,
        versionstamp,
      })),
      sets: [
        storedRefresh({ ...used, use }),
        storedRefresh(successor),
        stored(next),
      ],
    });
    return outcome.ok;
  }
}

function stored(session: Session) {
  return { key: keys.session(session.id), value: { v: 2, session } };
}

function secretIndex({ id, secretHash, expiresAt }: Session) {
  return {
    key: keys.sessionSecret(secretHash),
    value: { v: 1, id, expiresAt },
  };
}

function storedRefresh(token: StoredRefresh) {
  return { key: keys.refresh(token.hash), value: { v: 1, token } };
}
