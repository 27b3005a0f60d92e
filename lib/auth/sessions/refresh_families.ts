import { AppError } from "../../core/errors.ts";
import { type AuditEntry, cameBy } from "../../contracts/audit.ts";
import { userActor } from "../../contracts/audit.ts";
import type {
  RefreshUse,
  Session,
  StoredRefresh,
  User,
} from "../../contracts/auth.ts";
import { readToken, writeToken } from "../../contracts/token_text.ts";
import type { SessionStore } from "../../store/port.ts";
import { CHANGE_ATTEMPTS, REFRESH_GRACE_MS, REFRESHES_MAX } from "../limits.ts";
import type { LoginClient } from "../port.ts";
import { randomSecret, sha256Hex } from "./hash.ts";
import type { LoginBook } from "./login_book.ts";

/** What families of refresh tokens work with. */
export interface RefreshFamiliesOptions {
  book: LoginBook;
  sessions: SessionStore;
  nowMs: () => number;
  /** The user of a login that holds; null where it does not. */
  userOf: (session: Session) => Promise<User | null>;
  /** Ends a login and audits why. */
  end: (session: Session, audit: AuditEntry) => Promise<void>;
}

/** A login that goes on, and the refresh token that it goes on with. */
export interface Refreshed {
  session: Session;
  user: User;
  refreshToken: string;
}

/**
 * Refresh tokens of programs (RFC 9700, 4.14.2). All tokens of one login are a
 * family, a chain in which only the last one works. A token that is used a second
 * time was copied: whether the thief or the owner came first cannot be known, so
 * the login ends for both.
 *
 * The exception is an answer that was lost, or two runs of the command line at
 * once: for ten seconds the same program from the same address gets the same
 * successor again, if that was not used yet. The successor is not kept for this.
 * It is computed from the used token, which only its holder has, and a nonce,
 * which only the store has, so that neither alone gives it. The grace makes no
 * second chain: whoever gets the successor holds the same one token.
 */
export class RefreshFamilies {
  readonly #options: RefreshFamiliesOptions;

  constructor(options: RefreshFamiliesOptions) {
    this.#options = options;
  }

  /** The first token of a new login. */
  async start(
    session: Session,
  ): Promise<{ text: string; stored: StoredRefresh }> {
    const text = writeToken("smr_", randomSecret());
    const { id, expiresAt } = session;
    const hash = await sha256Hex(text);
    return { text, stored: { hash, sessionId: id, expiresAt, use: null } };
  }

  /**
   * Uses a refresh token.
   *
   * @throws {AppError} REFRESH_INVALID
   */
  async use(text: string, client: LoginClient): Promise<Refreshed> {
    if (readToken(text, "smr_") !== "token") throw invalid();
    const { book, nowMs, userOf } = this.#options;
    const hash = await sha256Hex(text);
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- a lost race is decided by reading again
      const found = await book.refresh(hash);
      if (found === null || found.token.expiresAt <= nowMs()) throw invalid();
      const { token, isKept } = found;
      // deno-lint-ignore no-await-in-loop -- as above
      const session = await book.byId(token.sessionId);
      // deno-lint-ignore no-await-in-loop -- as above
      const user = session === null ? null : await userOf(session);
      if (session === null || user === null) throw invalid();
      const known = { session, user, text, client };
      // A login that waits for the store keeps its first token until then.
      if (isKept) return { session, user, refreshToken: text };
      if (token.use !== null) {
        // deno-lint-ignore no-await-in-loop -- as above
        return await this.#again(token.use, known);
      }
      // deno-lint-ignore no-await-in-loop -- as above
      const done = await this.#rotate(token, known);
      if (done !== null) return done;
    }
    throw new AppError(
      "STORE_UNAVAILABLE",
      "The login was refreshed by others at the same time; try again",
      { status: 503 },
    );
  }

  /** Null where somebody else was first. */
  async #rotate(used: StoredRefresh, known: Known): Promise<Refreshed | null> {
    const { sessions, nowMs } = this.#options;
    const { session, user, text, client } = known;
    if (session.refreshes >= REFRESHES_MAX) {
      await this.#endFamily(known, "too many refreshes");
      throw invalid();
    }
    const nonce = randomSecret();
    const refreshToken = await successorOf(text, nonce);
    const at = nowMs();
    const use: RefreshUse = {
      at,
      nonce: nonce.toHex(),
      successorHash: await sha256Hex(refreshToken),
      client: await markOf(client),
    };
    const { address } = client;
    const next: Session = {
      ...session,
      address,
      lastSeenAt: at,
      refreshes: session.refreshes + 1,
    };
    try {
      const isDone = await sessions.rotate({ used, use, session, next });
      return isDone ? { session: next, user, refreshToken } : null;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "STORE_UNAVAILABLE") {
        throw error;
      }
      // A full disk must not shut out who wants to stop trading. The token stays
      // the last one of its chain: a copy of it is found out as soon as the
      // store can tell which of the two was used first.
      return { session, user, refreshToken: text };
    }
  }

  /** A token that was used before. */
  async #again(use: RefreshUse, known: Known): Promise<Refreshed> {
    const { book, nowMs } = this.#options;
    const { session, user, text, client } = known;
    const ageMs = nowMs() - use.at;
    if (ageMs < REFRESH_GRACE_MS && await markOf(client) === use.client) {
      const next = await book.refresh(use.successorHash);
      if (next?.token.use === null) {
        const nonce = Uint8Array.fromHex(use.nonce);
        const refreshToken = await successorOf(text, nonce);
        return { session, user, refreshToken };
      }
    }
    await this.#endFamily(known, "a refresh token was used twice");
    throw new AppError(
      "REFRESH_INVALID",
      "This refresh token was used before, so its login has ended for everybody; " +
        "log in again, and change the password if the first use was not yours",
      { status: 401 },
    );
  }

  #endFamily(
    { session, user, client }: Known,
    reason: string,
  ): Promise<void> {
    return this.#options.end(session, {
      at: this.#options.nowMs(),
      actor: userActor(user),
      ...cameBy(client),
      action: "auth.refresh",
      target: session.id,
      outcome: "refused",
      reason,
      detail: { address: client.address, userAgent: client.userAgent },
    });
  }
}

interface Known {
  session: Session;
  user: User;
  text: string;
  client: LoginClient;
}

async function successorOf(
  text: string,
  nonce: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", nonce, algorithm, false, [
    "sign",
  ]);
  const bytes = new TextEncoder().encode(text);
  const mac = await crypto.subtle.sign("HMAC", key, bytes);
  return writeToken("smr_", new Uint8Array(mac));
}

/** The client as far as it can be told from another one. */
function markOf({ address, userAgent }: LoginClient): Promise<string> {
  return sha256Hex(`${address}\n${userAgent}`);
}

function invalid(): AppError {
  return new AppError(
    "REFRESH_INVALID",
    "The refresh token is not valid or its login has ended; log in again",
    { status: 401 },
  );
}
