import type { AuditEntry, Caller } from "../../contracts/audit.ts";
import type {
  ProgramLogin,
  Session,
  SessionResponse,
  SessionView,
  User,
} from "../../contracts/auth.ts";
import type { QuotaUse } from "../../contracts/quota.ts";
import { AppError } from "../../core/errors.ts";
import type { IdFactory } from "../../core/ids.ts";
import type { TimeSource } from "../../core/time.ts";
import type {
  ApiTokenStore,
  SessionStore,
  UserStore,
} from "../../store/port.ts";
import { SESSIONS_PER_USER_MAX } from "../limits.ts";
import type {
  Identity,
  LoginClient,
  LoginSessions,
  TokenUse,
} from "../port.ts";
import type { AccessTokens } from "./access_tokens.ts";
import { Authenticator } from "./authenticator.ts";
import { randomSecret, sha256Hex } from "./hash.ts";
import { LoginBook } from "./login_book.ts";
import { RefreshFamilies } from "./refresh_families.ts";
import {
  newSession,
  responseOf,
  revokedEntry,
  sessionNotFound,
  viewOf,
} from "./session_shapes.ts";

/** What logins work with. */
export interface SessionsOptions {
  users: Pick<UserStore, "byId">;
  sessions: SessionStore;
  apiTokens: ApiTokenStore;
  /** The store's audit log. */
  audit: (entry: AuditEntry) => Promise<void>;
  time: TimeSource;
  tokens: AccessTokens;
  ids: IdFactory;
  /** Told whenever a login or a token of a user has ended, so that streams end, too. */
  onEnded?: (userId: string) => void;
}

/** Logins from their begin to their end, whoever proved to be who. */
export class Sessions implements LoginSessions {
  readonly #options: SessionsOptions;
  readonly #book: LoginBook;
  readonly #authenticator: Authenticator;
  readonly #families: RefreshFamilies;

  constructor(options: SessionsOptions) {
    const book = new LoginBook(options);
    const authenticator = new Authenticator({ ...options, book });
    this.#options = options;
    this.#book = book;
    this.#authenticator = authenticator;
    this.#families = new RefreshFamilies({
      book,
      sessions: options.sessions,
      nowMs: () => options.time.nowMs(),
      userOf: (session) => authenticator.userOf(session),
      end: (session, audit) => this.#end([session], audit),
    });
  }

  /** Begins a login of the panel, of somebody who proved to be who they are. */
  async begin(user: User, client: LoginClient): Promise<SessionResponse> {
    const token = randomSecret().toBase64(URL_SAFE);
    const session = newSession(user, {
      ...this.#options,
      client,
      kind: "panel",
      secretHash: await sha256Hex(token),
    });
    await this.#book.begin(session, null);
    await this.#endSurplus(session);
    return responseOf(session, user, token);
  }

  /** Begins a login of a program. */
  async beginProgram(user: User, client: LoginClient): Promise<ProgramLogin> {
    const session = newSession(user, {
      ...this.#options,
      client,
      kind: "program",
      secretHash: "",
    });
    const { text, stored } = await this.#families.start(session);
    await this.#book.begin(session, stored);
    await this.#endSurplus(session);
    return await this.#programLogin(session, user, text);
  }

  async refresh(
    refreshToken: string,
    client: LoginClient,
  ): Promise<ProgramLogin> {
    const done = await this.#families.use(refreshToken, client);
    return await this.#programLogin(done.session, done.user, done.refreshToken);
  }

  authenticate(token: string, use?: TokenUse): Promise<Identity | null> {
    return this.#authenticator.authenticate(token, use);
  }

  recheck(identity: Identity): Promise<Identity | null> {
    return this.#authenticator.recheck(identity);
  }

  async rotate(sessionId: string): Promise<SessionResponse> {
    const token = randomSecret().toBase64(URL_SAFE);
    const secretHash = await sha256Hex(token);
    const session = await this.#book.change(
      sessionId,
      (known) => known.kind === "panel" ? { ...known, secretHash } : null,
    );
    const user = session === null
      ? null
      : await this.#authenticator.userOf(session);
    if (session === null || user === null) throw sessionNotFound(sessionId);
    // Streams go on: it is the same login.
    this.#authenticator.forget((known) => known.sessionId === sessionId);
    return responseOf(session, user, token);
  }

  async quotas(userId: string): Promise<readonly QuotaUse[]> {
    const used = (await this.#book.ofUser(userId)).length;
    return [{ quota: "sessions", used, limit: SESSIONS_PER_USER_MAX }];
  }

  async list(
    userId: string,
    { current }: { current: string },
  ): Promise<readonly SessionView[]> {
    const sessions = await this.#book.ofUser(userId);
    const user = await this.#options.users.byId(userId);
    const seenAt = (session: Session) => this.#authenticator.seenAt(session);
    return sessions.filter((session) =>
      user?.status === "active" && session.epoch === user.epoch &&
      !this.#authenticator.isIdle(session)
    ).toSorted((one, other) => seenAt(other) - seenAt(one)).map((session) =>
      viewOf(session, { seenAt: seenAt(session), current })
    );
  }

  async ownerOf(sessionId: string): Promise<string | null> {
    return (await this.#book.byId(sessionId))?.userId ?? null;
  }

  async revoke(sessionId: string, caller: Caller): Promise<void> {
    const session = await this.#book.byId(sessionId);
    if (session === null) throw sessionNotFound(sessionId);
    await this.#end(
      [session],
      revokedEntry(caller, [session], this.#options.time.nowMs()),
    );
  }

  async revokeOthers(
    userId: string,
    { except, caller }: { except: string | null; caller: Caller },
  ): Promise<number> {
    const others = await this.#others(userId, except);
    if (others.length > 0) {
      await this.#end(
        others,
        revokedEntry(caller, others, this.#options.time.nowMs()),
      );
    }
    return others.length;
  }

  /**
   * Ends every login of a user but one. That one goes on where the user's epoch
   * was raised, too. Who asks audits why.
   */
  async revokeAll(userId: string, except?: string): Promise<void> {
    const user = await this.#options.users.byId(userId);
    if (except !== undefined && user !== null) {
      const { epoch } = user;
      await this.#book.change(
        except,
        (session) => session.userId === userId ? { ...session, epoch } : null,
      );
    }
    await this.#end(await this.#others(userId, except ?? null), null);
    this.forgetUser(userId);
  }

  /** Ends a login: somebody logs out. */
  async end(sessionId: string): Promise<void> {
    const session = await this.#book.byId(sessionId);
    if (session !== null) await this.#end([session], null);
  }

  /** Looks at the store again for whatever is of this user. */
  forgetUser(userId: string): void {
    this.#authenticator.forget(({ user }) => user.id === userId);
    this.#options.onEnded?.(userId);
  }

  /** Audits a login, also while the store takes no writes. */
  record(entry: AuditEntry): Promise<void> {
    return this.#book.record(entry);
  }

  /** Waits for the uses that are being stored beside the requests; what fails is over, too. */
  usesStored(): Promise<void> {
    return this.#authenticator.usesStored();
  }

  async close(): Promise<void> {
    this.#book.close();
    await this.usesStored();
  }

  async #end(
    sessions: readonly Session[],
    audit: AuditEntry | null,
  ): Promise<void> {
    if (sessions.length === 0) return;
    const ids = sessions.map(({ id }) => id);
    const ending = this.#book.end(ids, audit);
    // The book knows at once; what is stored meanwhile is believed no longer.
    for (const id of new Set(sessions.map(({ userId }) => userId))) {
      this.forgetUser(id);
    }
    await ending;
  }

  async #others(
    userId: string,
    except: string | null,
  ): Promise<readonly Session[]> {
    const all = await this.#book.ofUser(userId);
    return all.filter(({ id }) => id !== except);
  }

  /** Ends the logins that were used longest ago where there are too many. */
  async #endSurplus(newest: Session): Promise<void> {
    try {
      const others = await this.#others(newest.userId, newest.id);
      const surplus = others.length + 1 - SESSIONS_PER_USER_MAX;
      if (surplus <= 0) return;
      const oldest = others.toSorted((one, other) =>
        this.#authenticator.seenAt(one) - this.#authenticator.seenAt(other)
      );
      await this.#end(oldest.slice(0, surplus), null);
    } catch (error) {
      const isDown = error instanceof AppError &&
        error.code === "STORE_UNAVAILABLE";
      // The next login looks again.
      if (!isDown) throw error;
    }
  }

  async #programLogin(
    session: Session,
    { id, email, role }: User,
    refreshToken: string,
  ): Promise<ProgramLogin> {
    const access = await this.#options.tokens.sign(session);
    return {
      accessToken: access.text,
      refreshToken,
      expiresAt: new Date(access.expiresAt).toISOString(),
      loginEndsAt: new Date(session.expiresAt).toISOString(),
      user: { id, email, role },
    };
  }
}

const URL_SAFE = { alphabet: "base64url", omitPadding: true } as const;
