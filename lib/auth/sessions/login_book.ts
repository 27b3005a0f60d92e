import { AppError } from "../../core/errors.ts";
import type { TimeSource, TimeSourceTimer } from "../../core/time.ts";
import type { Session } from "../../contracts/auth.ts";
import type { AuditEntry, UserStore } from "../../store/port.ts";
import { KEPT_LOGINS_MAX, KEPT_RETRY_MS } from "../limits.ts";

/** What a book of logins writes to. */
export interface LoginBookOptions {
  users: Pick<UserStore, "session" | "saveSession" | "removeSession">;
  audit: (entry: AuditEntry) => Promise<void>;
  time: TimeSource;
}

/**
 * Sessions and what is audited of logins. While the store takes no writes they
 * are kept in memory and stored as soon as it does: whoever wants to stop
 * trading on a full disk must be able to log in. A session that was kept ends
 * with the process; one that was ended stays ended in this process at once.
 */
export class LoginBook {
  readonly #options: LoginBookOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #ended = new Set<string>();
  readonly #entries: AuditEntry[] = [];
  #timer: TimeSourceTimer | null = null;
  #isClosed = false;

  constructor(options: LoginBookOptions) {
    this.#options = options;
  }

  /** Stores a new session, or keeps it. */
  async begin(session: Session): Promise<void> {
    const { users } = this.#options;
    await this.#storedOr(() => users.saveSession(session), () => {
      this.#sessions.set(session.id, session);
    });
  }

  /** The session, or null where there is none or it has ended. */
  async find(id: string): Promise<Session | null> {
    if (this.#ended.has(id)) return null;
    const kept = this.#sessions.get(id);
    if (kept === undefined) return await this.#options.users.session(id);
    return kept.expiresAt > this.#options.time.nowMs() ? kept : null;
  }

  /** Ends a session: here at once, in the store as soon as possible. */
  async end(id: string): Promise<void> {
    const { users } = this.#options;
    this.#sessions.delete(id);
    this.#ended.add(id);
    await this.#storedOr(async () => {
      await users.removeSession(id);
      this.#ended.delete(id);
    }, () => {});
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

  get #kept(): number {
    return this.#sessions.size + this.#ended.size + this.#entries.length;
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
      if (!isDown || this.#kept >= KEPT_LOGINS_MAX) throw error;
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
        if (this.#kept > 0) this.#retryLater();
      });
    });
  }

  async #storeKept(): Promise<void> {
    const { users, audit } = this.#options;
    for (const entry of [...this.#entries]) {
      // deno-lint-ignore no-await-in-loop -- in order, and the first failure ends it
      await audit(entry);
      this.#entries.shift();
    }
    for (const [id, session] of this.#sessions) {
      // deno-lint-ignore no-await-in-loop -- as above
      await users.saveSession(session);
      this.#sessions.delete(id);
    }
    for (const id of this.#ended) {
      // deno-lint-ignore no-await-in-loop -- as above
      await users.removeSession(id);
      this.#ended.delete(id);
    }
  }
}
