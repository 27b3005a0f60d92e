import { AppError } from "../../core/errors.ts";
import type { Session, SessionResponse, User } from "../../contracts/auth.ts";
import type { AuditEntry } from "../../contracts/audit.ts";
import type { IdFactory } from "../../core/ids.ts";
import type { TimeSource } from "../../core/time.ts";
import type { UserStore } from "../../store/port.ts";
import { MAX_USER_AGENT_LENGTH, SESSION_MS } from "../limits.ts";
import type { Identity } from "../port.ts";
import { LoginBook } from "./login_book.ts";
import { SessionCache } from "./session_cache.ts";
import type { TokenService } from "./tokens.ts";

/** What logins work with. */
export interface SessionsOptions {
  users: UserStore;
  /** The store's audit log. */
  audit: (entry: AuditEntry) => Promise<void>;
  time: TimeSource;
  tokens: TokenService;
  ids: IdFactory;
}

/** Logins from their begin to their end, whoever proved to be who. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #cache: SessionCache;
  readonly #book: LoginBook;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#cache = new SessionCache(() => options.time.nowMs());
    this.#book = new LoginBook(options);
  }

  /** Begins a login of somebody who proved to be who they are. */
  async begin(
    user: User,
    client: { userAgent: string; address: string; via: string },
  ): Promise<SessionResponse> {
    const { ids, time } = this.#options;
    // Whole seconds, as in the token: both end at the same moment.
    const now = Math.floor(time.nowMs() / 1_000) * 1_000;
    const session: Session = {
      id: ids("ses"),
      userId: user.id,
      createdAt: now,
      expiresAt: now + SESSION_MS,
      userAgent: client.userAgent.slice(0, MAX_USER_AGENT_LENGTH),
      epoch: user.epoch,
    };
    return await this.#store(session, user);
  }

  /** A new id for the same login. @throws {AppError} AUTH_REQUIRED where it has ended. */
  async rotate(sessionId: string): Promise<SessionResponse> {
    const { ids, users } = this.#options;
    const old = await this.#book.find(sessionId);
    const user = old === null ? null : await users.byId(old.userId);
    if (old === null || user === null) {
      throw new AppError("AUTH_REQUIRED", "The login has ended; log in again", {
        status: 401,
      });
    }
    const answer = await this.#store({ ...old, id: ids("ses") }, user);
    await this.end(sessionId);
    return answer;
  }

  /** Ends every login of somebody whose epoch was raised, but for one. */
  async revokeAll(userId: string, except?: string): Promise<void> {
    const { users } = this.#options;
    this.#cache.forgetUser(userId);
    const [kept, user] = await Promise.all([
      except === undefined ? null : this.#book.find(except),
      users.byId(userId),
    ]);
    if (kept === null || user === null || kept.userId !== userId) return;
    await this.#book.begin({ ...kept, epoch: user.epoch });
  }

  async #store(session: Session, user: User): Promise<SessionResponse> {
    await this.#book.begin(session);
    const { id, email, role } = user;
    return {
      token: await this.#options.tokens.sign(session),
      expiresAt: new Date(session.expiresAt).toISOString(),
      user: { id, email, role },
    };
  }

  /** Who is behind a token; null for anything but a valid one of a login that has not ended. */
  async authenticate(token: string): Promise<Identity | null> {
    const cached = this.#cache.get(token);
    if (cached !== null) return cached;
    const { tokens, users } = this.#options;
    const claims = await tokens.verify(token);
    if (claims === null) return null;
    const [session, user] = await Promise.all([
      this.#book.find(claims.sessionId),
      users.byId(claims.userId),
    ]);
    if (session === null || user === null || session.userId !== user.id) {
      return null;
    }
    const hasEnded = (session.epoch ?? user.epoch) !== user.epoch;
    if (user.status !== "active" || hasEnded) return null;
    const identity: Identity = {
      user,
      sessionId: session.id,
      kind: "session",
      scopes: null,
    };
    this.#cache.set(token, identity, claims.expiresAt);
    return identity;
  }

  /** Ends a login. */
  async end(sessionId: string): Promise<void> {
    this.#cache.forgetSession(sessionId);
    await this.#book.end(sessionId);
    // A request under way may have put it back meanwhile.
    this.#cache.forgetSession(sessionId);
  }

  /** Audits a login, also while the store takes no writes. */
  record(entry: AuditEntry): Promise<void> {
    return this.#book.record(entry);
  }

  close(): void {
    this.#book.close();
  }
}
