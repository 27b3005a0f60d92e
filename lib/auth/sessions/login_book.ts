import { AppError } from "../../core/errors.ts";
import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import type { Session, StoredRefresh } from "../../contracts/auth.ts";
import type { AuditEntry, SessionStore } from "../../store/port.ts";
import { KEPT_LOGINS_MAX, KEPT_RETRY_MS } from "../limits.ts";

/** What a book of logins writes to. */
export interface LoginBookOptions {
  sessions: SessionStore;
  audit: (entry: AuditEntry) => Promise<void>;
  time: TimeSource;
}

/** A login that waits for the store. */
interface Kept {
  session: Session;
  refresh: StoredRefresh | null;
}

/**
 * Logins and what is audited of them. While the store takes no writes they
 * are kept in memory and stored as soon as it does: whoever wants to stop
 * trading on a full disk must be able to log in. A login that was kept ends
 * with the process; one that was ended stays ended in this process at once.
 */
export class LoginBook {
  readonly #options: LoginBookOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #ended = new Set<string>();
  readonly #entries: AuditEntry[] = [];
  #timer: TimeSourceTimer | null = null;
  #isClosed = false;

  constructor(options: LoginBookOptions) {
    this.#options = options;
  }

  /** Stores a new login, or keeps it. */
  async begin(session: Session, refresh: StoredRefresh | null): Promise<void> {
    const { sessions } = this.#options;
    await this.#storedOr(() => sessions.create(session, refresh), () => {
      this.#kept.set(session.id, { session, refresh });
    });
  }

  /** The login, or null where there is none or it has ended. */
  async byId(id: string): Promise<Session | null> {
    if (this.#ended.has(id)) return null;
    const kept = this.#kept.get(id)?.session;
    return this.#unexpired(kept ?? await this.#options.sessions.byId(id));
  }

  /** The login of the panel whose cookie has this hash, or null. */
  async bySecret(hash: string): Promise<Session | null> {
    for (const { session } of this.#kept.values()) {
      if (session.secretHash === hash) return this.#unexpired(session);
    }
    const found = await this.#options.sessions.bySecret(hash);
    return found === null || this.#ended.has(found.id)
      ? null
      : this.#unexpired(found);
  }

  /** The refresh token with this hash; `isKept` where its login waits for the store. */
  async refresh(
    hash: string,
  ): Promise<{ token: StoredRefresh; isKept: boolean } | null> {
    for (const { refresh } of this.#kept.values()) {
      if (refresh?.hash === hash) return { token: refresh, isKept: true };
    }
    const token = await this.#options.sessions.refresh(hash);
    return token === null ? null : { token, isKept: false };
  }

  /** Logins of a user that have not expired. */
  async ofUser(userId: string): Promise<readonly Session[]> {
    const stored = await this.#options.sessions.ofUser(userId);
    const kept = [...this.#kept.values()].map(({ session }) => session)
      .filter((session) => session.userId === userId);
    return [...stored, ...kept].filter((session) =>
      !this.#ended.has(session.id) && this.#unexpired(session) !== null
    );
  }

  /** Changes a login where it is. @returns What it is then, or null where it has ended. */
  async change(
    id: string,
    plan: (session: Session) => Session | null,
  ): Promise<Session | null> {
    if (this.#ended.has(id)) return null;
    const kept = this.#kept.get(id);
    if (kept === undefined) {
      return await this.#options.sessions.change(id, plan);
    }
    const next = plan(kept.session);
    if (next !== null) this.#kept.set(id, { ...kept, session: next });
    return next;
  }

  /** Ends logins: here at once, in the store as soon as possible. */
  async end(ids: readonly string[], audit: AuditEntry | null): Promise<void> {
    const { sessions } = this.#options;
    for (const id of ids) {
      this.#kept.delete(id);
      this.#ended.add(id);
    }
    await this.#storedOr(async () => {
      await sessions.remove(ids, audit);
      for (const id of ids) this.#ended.delete(id);
    }, () => {
      if (audit !== null) this.#entries.push(audit);
    });
  }

  /** Stores an audit entry, or keeps it. */
  async record(entry: AuditEntry): Promise<void> {
    await this.#storedOr(
      () => this.#options.audit(entry),
      () => void this.#entries.push(entry),
    );
  }

  /** Ends; what is kept is given up. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  get #waiting(): number {
    return this.#kept.size + this.#ended.size + this.#entries.length;
  }

  #unexpired(session: Session | null): Session | null {
    const isOver = session === null ||
      session.expiresAt <= this.#options.time.nowMs();
    return isOver ? null : session;
  }

  async #storedOr(
    store: () => Promise<void>,
    keep: () => void,
  ): Promise<void> {
    try {
      await store();
    } catch (error) {
      const isDown = error instanceof AppError &&
        error.code === "STORE_UNAVAILABLE";
      if (!isDown || this.#waiting >= KEPT_LOGINS_MAX) throw error;
      keep();
      this.#retryLater();
    }
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#timer ??= this.#options.time.after(KEPT_RETRY_MS, () => {
      this.#timer = null;
      // Whatever fails is tried again; the store's health tells of it.
      void this.#storeKept().catch(() => {}).finally(() => {
        if (this.#waiting > 0) this.#retryLater();
      });
    });
  }

  async #storeKept(): Promise<void> {
    const { sessions, audit } = this.#options;
    for (const entry of [...this.#entries]) {
      // deno-lint-ignore no-await-in-loop -- in order, and the first failure ends it
      await audit(entry);
      this.#entries.shift();
    }
    for (const [id, { refresh }] of this.#kept) {
      // What a request changes meanwhile is stored by the next round.
      const kept = this.#kept.get(id)!;
      // deno-lint-ignore no-await-in-loop -- as above
      await sessions.create(kept.session, refresh);
      if (this.#kept.get(id) === kept) this.#kept.delete(id);
      // It was ended while it was stored.
      else if (!this.#kept.has(id)) this.#ended.add(id);
    }
    const ended = [...this.#ended];
    if (ended.length === 0) return;
    await sessions.remove(ended, null);
    for (const id of ended) this.#ended.delete(id);
  }
}
