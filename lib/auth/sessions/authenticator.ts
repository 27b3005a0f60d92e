import type { Session, User } from "../../contracts/auth.ts";
import { readToken } from "../../contracts/token_text.ts";
import type { TimeSource } from "../../core/time.ts";
import type { ApiTokenStore, UserStore } from "../../store/port.ts";
import { SESSION_IDLE_MS } from "../limits.ts";
import type { Identity, TokenUse } from "../port.ts";
import type { AccessTokens } from "./access_tokens.ts";
import { sha256Hex } from "./hash.ts";
import { LastSeen } from "./last_seen.ts";
import type { LoginBook } from "./login_book.ts";
import { SessionCache } from "./session_cache.ts";

/** What tokens are checked with. */
export interface AuthenticatorOptions {
  book: LoginBook;
  users: Pick<UserStore, "byId">;
  apiTokens: ApiTokenStore;
  tokens: AccessTokens;
  time: TimeSource;
}

/** An identity with the moment at which it ends unless something is done. */
interface Found {
  identity: Identity;
  endsAt: number;
  /** When its login or token was used last, as the store knows it. */
  storedAt: number | null;
}

/** A value of the session cookie: 32 bytes in base64url. */
const SESSION_PATTERN = /^[\w-]{43}$/;

/** Tells who is behind a token: of a browser's cookie, of a program's login, or a personal API token. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #cache: SessionCache;
  readonly #sessionsSeen: LastSeen;
  readonly #tokensSeen: LastSeen;

  constructor(options: AuthenticatorOptions) {
    const { book, apiTokens, time } = options;
    const nowMs = () => time.nowMs();
    this.#options = options;
    this.#cache = new SessionCache(nowMs);
    this.#sessionsSeen = new LastSeen({
      nowMs,
      store: (id, at) =>
        book.change(id, (session) => ({
          ...session,
          lastSeenAt: Math.max(session.lastSeenAt, at),
        })),
    });
    this.#tokensSeen = new LastSeen({
      nowMs,
      store: (id, at) => apiTokens.touch(id, at),
    });
  }

  /** Null for anything but a valid token of a login that has not ended, given the way its kind is given. */
  async authenticate(
    token: string,
    { transport, isActivity = true }: TokenUse = {},
  ): Promise<Identity | null> {
    const kind = kindOf(token);
    if (kind === null) return null;
    if (
      transport !== undefined &&
      (kind === "session") !== (transport === "cookie")
    ) {
      return null;
    }
    const cached = this.#cache.get(token);
    if (cached !== null) {
      if (isActivity) this.#note(cached, null);
      return cached;
    }
    const { generation } = this.#cache;
    const found = await this.#find(token, kind);
    if (found === null) return null;
    const { identity, endsAt, storedAt } = found;
    if (isActivity) this.#note(identity, storedAt);
    this.#cache.set(token, identity, { endsAt, generation });
    return identity;
  }

  /** What holds now of somebody who was known a while ago; null where it has ended. Counts as no activity. */
  async recheck({ kind, sessionId }: Identity): Promise<Identity | null> {
    const { book, apiTokens } = this.#options;
    const found = kind === "api_token"
      ? await this.#apiToken(await apiTokens.byId(sessionId))
      : await this.#session(await book.byId(sessionId), kind);
    return found?.identity ?? null;
  }

  /** When a login was used last. */
  seenAt({ id, lastSeenAt }: Session): number {
    return this.#sessionsSeen.at(id, lastSeenAt);
  }

  /** Whether a login has been left alone for too long. */
  isIdle(session: Session): boolean {
    return session.kind === "panel" &&
      this.#options.time.nowMs() >= this.seenAt(session) + SESSION_IDLE_MS;
  }

  /** The user of a login, if both hold. */
  async userOf(session: Session): Promise<User | null> {
    const user = await this.#options.users.byId(session.userId);
    const holds = user !== null && user.status === "active" &&
      user.epoch === session.epoch && !this.isIdle(session);
    return holds ? user : null;
  }

  /** Believes nothing any more of what fits. */
  forget(isEnded: (identity: Identity) => boolean): void {
    this.#cache.forget(isEnded);
  }

  /** Waits for the uses that are being stored. */
  async usesStored(): Promise<void> {
    await Promise.all([this.#sessionsSeen.stored(), this.#tokensSeen.stored()]);
  }

  async #find(token: string, kind: Identity["kind"]): Promise<Found | null> {
    const { book, apiTokens, tokens } = this.#options;
    if (kind === "api_token") {
      return await this.#apiToken(
        await apiTokens.byHash(await sha256Hex(token)),
      );
    }
    if (kind === "session") {
      const session = await book.bySecret(await sha256Hex(token));
      return await this.#session(session, kind);
    }
    const claims = await tokens.verify(token);
    if (claims === null) return null;
    const session = await book.byId(claims.sessionId);
    const isSame = session?.userId === claims.userId &&
      session.epoch === claims.epoch;
    const found = isSame ? await this.#session(session, kind) : null;
    return found === null
      ? null
      : { ...found, endsAt: Math.min(found.endsAt, claims.expiresAt) };
  }

  async #session(
    session: Session | null,
    kind: "session" | "access",
  ): Promise<Found | null> {
    // An access token is of a program's login, and a cookie is not.
    if (session?.kind !== (kind === "session" ? "panel" : "program")) {
      return null;
    }
    const user = await this.userOf(session);
    if (user === null) return null;
    const { id, expiresAt, lastSeenAt } = session;
    const idleAt = kind === "session"
      ? this.seenAt(session) + SESSION_IDLE_MS
      : Infinity;
    return {
      identity: { user, sessionId: id, kind, scopes: null, expiresAt },
      endsAt: Math.min(expiresAt, idleAt),
      storedAt: lastSeenAt,
    };
  }

  async #apiToken(
    token: Awaited<ReturnType<ApiTokenStore["byId"]>>,
  ): Promise<Found | null> {
    if (token === null || token.expiresAt <= this.#options.time.nowMs()) {
      return null;
    }
    const user = await this.#options.users.byId(token.userId);
    if (user?.status !== "active" || user.epoch !== token.epoch) return null;
    const { id, scopes, expiresAt, lastUsedAt } = token;
    return {
      identity: { user, sessionId: id, kind: "api_token", scopes },
      endsAt: expiresAt,
      storedAt: lastUsedAt,
    };
  }

  #note({ kind, sessionId }: Identity, storedAt: number | null): void {
    const seen = kind === "api_token" ? this.#tokensSeen : this.#sessionsSeen;
    seen.note(sessionId, storedAt);
  }
}

/** What a text would be if it was valid. */
function kindOf(token: string): Identity["kind"] | null {
  if (token.startsWith("smc_")) {
    return readToken(token, "smc_") === "token" ? "api_token" : null;
  }
  if (SESSION_PATTERN.test(token)) return "session";
  return token.split(".").length === 3 ? "access" : null;
}
