/**
 * Logins, tokens and secrets as the rest of the product sees them in the store.
 *
 * @module
 */
import type { StoredApiToken } from "../contracts/api_token.ts";
import type { AuditEntry } from "../contracts/audit.ts";
import type { RefreshUse, Session, StoredRefresh } from "../contracts/auth.ts";

/** Secrets of the process itself, by name. */
export interface SecretStore {
  read(name: string): Promise<{ text: string; version: string } | null>;
  /** False if another one was stored since `version` (null: none yet). */
  write(
    name: string,
    change: { text: string; version: string | null },
  ): Promise<boolean>;
}

/** Logins of people and of programs. */
export interface SessionStore {
  /** Stores a new login; `refresh` is the first refresh token of a program's. */
  create(session: Session, refresh: StoredRefresh | null): Promise<void>;
  byId(id: string): Promise<Session | null>;
  /** The login of the panel whose cookie has this hash. */
  bySecret(hash: string): Promise<Session | null>;
  /** Logins of a user, oldest first, those that have expired too. */
  ofUser(userId: string): Promise<readonly Session[]>;
  /**
   * Puts what `plan` makes of a login in its place. `plan` runs again where
   * another change came between; null leaves the login as it is.
   *
   * @returns What is stored then; null if there is no such login or `plan` gave null.
   */
  change(
    id: string,
    plan: (session: Session) => Session | null,
  ): Promise<Session | null>;
  /** Ends logins, in one commit with its audit entry where there is one. Those that are not there have ended. */
  remove(ids: readonly string[], audit: AuditEntry | null): Promise<void>;
  refresh(hash: string): Promise<StoredRefresh | null>;
  /**
   * Uses a refresh token up and stores its successor, if the token was not used
   * and its login is the given one, unchanged in its number of refreshes.
   *
   * @returns false if not: nothing is stored then.
   */
  rotate(change: {
    used: StoredRefresh;
    use: RefreshUse;
    session: Session;
    /** The login afterwards. */
    next: Session;
  }): Promise<boolean>;
}

/** Personal API tokens. */
export interface ApiTokenStore {
  create(token: StoredApiToken, audit: AuditEntry): Promise<void>;
  byId(id: string): Promise<StoredApiToken | null>;
  byHash(hash: string): Promise<StoredApiToken | null>;
  /** Tokens of a user, oldest first, those that have expired too. */
  ofUser(userId: string): Promise<readonly StoredApiToken[]>;
  /** Remembers the last use; nothing where the token is gone. */
  touch(id: string, at: number): Promise<void>;
  /** @returns false if there is none. */
  remove(id: string, audit: AuditEntry): Promise<boolean>;
}
