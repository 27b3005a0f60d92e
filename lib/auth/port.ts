import type {
  ApiTokenCreated,
  ApiTokenRequest,
  ApiTokenView,
} from "../contracts/api_token.ts";
import type { Caller, RequestClient } from "../contracts/audit.ts";
import type {
  LoginRequest,
  ProgramLogin,
  SessionResponse,
  SessionView,
  SetupRequest,
  TokenRequest,
  User,
} from "../contracts/auth.ts";
import type { PasskeyAssertion } from "../contracts/passkey.ts";
import type { Action } from "../contracts/policy.ts";
import type { QuotaUse } from "../contracts/quota.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import type { SecondFactorView } from "../contracts/second_factor.ts";
import type { Passkeys, RelyingParty } from "./passkeys/port.ts";
import type { People } from "./people/port.ts";
import type { SecondFactor } from "./second_factor.ts";

/** Who is behind a request. */
export interface Identity {
  user: User;
  /** Id of the login, or of the API token that stands in for one. */
  sessionId: string;
  /** `session`: the panel's cookie. `access`: a short token of a program's login. `api_token`: a token that a person made for a program. */
  kind: "session" | "access" | "api_token";
  /** What an API token was made for; null where it is all that the role may do. */
  scopes: readonly Action[] | null;
  /** The latest end of a login, however busy it is; left out of an API token. */
  expiresAt?: EpochMs;
}

/** Where a login comes from. */
export interface LoginClient {
  userAgent: string;
  address: string;
  /** The kind of client; "api" where it is not known. */
  via?: string;
  /** Id of the HTTP request; left out where there is none. */
  requestId?: string | undefined;
}

/** What somebody gives as a proof of who they are; what they do not have is "". */
export interface FreshProof {
  password: string;
  /** A code of the authenticator, or a recovery code. */
  code: string;
}

/** One proof of somebody who is logged in. */
export type StepUpProof =
  | { code: string }
  | { password: string }
  | { passkey: PasskeyAssertion; site: RelyingParty };

/** The first of two steps of a login in the panel. */
export type LoginStep =
  | { kind: "done"; session: SessionResponse }
  /** A second factor is asked for; the ticket stands for the password. */
  | { kind: "factor"; ticket: string; takesCode: boolean };

/** Who logs in. */
export interface LoginClient {
  userAgent: string;
  address: string;
  /** The kind of client; api where it is not said. */
  via?: string;
  /** Id of the HTTP request; left out where there is none. */
  requestId?: string | undefined;
}

/** How a token came. */
export interface TokenUse {
  /** A cookie carries logins of the panel and nothing else, a bearer never does; either where it is not said. */
  transport?: "cookie" | "bearer";
  /** False for what goes on by itself, such as a stream: it keeps no login alive. Default true. */
  isActivity?: boolean;
}

/** Logins that have begun. */
export interface LoginSessions {
  /**
   * Goes on with a program's login: a new access token, and the next refresh
   * token. A token that was used before ends the whole login.
   *
   * @throws {AppError} REFRESH_INVALID
   */
  refresh(refreshToken: string, client: LoginClient): Promise<ProgramLogin>;
  /** What holds now of somebody who was known a while ago; null where it has ended. Counts as no activity. */
  recheck(identity: Identity): Promise<Identity | null>;
  /**
   * A new cookie for the same login of the panel; the one before is worth nothing.
   *
   * @throws {AppError} SESSION_NOT_FOUND
   */
  rotate(sessionId: string): Promise<SessionResponse>;
  /** Logins of a user, used last first. */
  list(
    userId: string,
    options: { current: string },
  ): Promise<readonly SessionView[]>;
  quotas(userId: string): Promise<readonly QuotaUse[]>;
  /** Whose login it is; null where there is none. */
  ownerOf(sessionId: string): Promise<string | null>;
  /** Ends one login. @throws {AppError} SESSION_NOT_FOUND */
  revoke(sessionId: string, caller: Caller): Promise<void>;
  /** Ends all logins of a user but `except`. @returns How many. */
  revokeOthers(
    userId: string,
    options: { except: string | null; caller: Caller },
  ): Promise<number>;
  /** Ends all logins of a user but one, which goes on where the user's epoch was raised, too. */
  revokeAll(userId: string, except?: string): Promise<void>;
}

/** Personal API tokens. */
export interface ApiTokens {
  /** Makes one. @throws {AppError} REQUEST_INVALID for a scope beyond the role, QUOTA_EXCEEDED. */
  create(
    user: User,
    request: ApiTokenRequest,
    caller: Caller,
  ): Promise<ApiTokenCreated>;
  quotas(userId: string): Promise<readonly QuotaUse[]>;
  /** Tokens of a user, oldest first. */
  list(userId: string): Promise<readonly ApiTokenView[]>;
  /** Whose token it is; null where there is none. */
  ownerOf(tokenId: string): Promise<string | null>;
  /** @throws {AppError} TOKEN_NOT_FOUND */
  revoke(tokenId: string, caller: Caller): Promise<void>;
}

/** What is wrong with a setup; never what was sent. */
export interface SetupIssue {
  path: readonly PropertyKey[];
  message: string;
}

/** Accounts and logins. Refusals are thrown as AppError with a code of contracts/problem.ts. */
export interface AuthService {
  /** True until the first account exists. */
  setupNeeded(): Promise<boolean>;
  /**
   * Creates the first account (admin) by the one-time token, and logs it in. A
   * refusal is on record.
   *
   * @throws {AppError} SETUP_DONE, SETUP_TOKEN_INVALID, REQUEST_INVALID, LOGIN_DELAYED
   */
  setup(request: SetupRequest, client: LoginClient): Promise<SessionResponse>;
  /** Puts a setup on record that was refused as it was read: by the first of what is wrong with it. */
  setupRefused(
    issues: readonly SetupIssue[],
    client: LoginClient,
  ): Promise<void>;
  /** Who asks, by e-mail, password and, of who has one, second factor. @throws {AppError} AUTH_INVALID, FACTOR_NEEDED, FACTOR_INVALID, LOGIN_DELAYED */
  prove(request: LoginRequest, client: LoginClient): Promise<User>;
  /** {@link prove}, and a login of the panel. */
  login(request: LoginRequest, client: LoginClient): Promise<SessionResponse>;
  /** The login in two steps: the password first. @throws {AppError} AUTH_INVALID, LOGIN_DELAYED */
  beginLogin(
    request: Omit<LoginRequest, "code">,
    client: LoginClient,
  ): Promise<LoginStep>;
  /** Its second step. @throws {AppError} AUTH_REQUIRED where the first is too long ago, FACTOR_INVALID, LOGIN_DELAYED */
  finishLogin(
    step: { ticket: string; code: string },
    client: LoginClient,
  ): Promise<SessionResponse>;
  /** A login by passkey alone. @throws {AppError} PASSKEY_INVALID */
  loginByPasskey(
    passkey: PasskeyAssertion,
    options: { site: RelyingParty; client: LoginClient },
  ): Promise<SessionResponse>;
  /** The login of a program: the same proofs as for the panel. */
  loginProgram(
    request: TokenRequest,
    client: LoginClient,
  ): Promise<ProgramLogin>;
  /** Null for anything but a valid token of a login that still exists. */
  authenticate(token: string, use?: TokenUse): Promise<Identity | null>;
  readonly sessions: LoginSessions;
  readonly apiTokens: ApiTokens;
  /**
   * A fresh proof that somebody who is logged in is who they are: with their
   * second factor where they have one, else with their password.
   *
   * @returns Whether the session counts as proven from now on, by this proof: the
   *   login of a browser is renewed then, whatever becomes of what was asked for.
   * @throws {AppError} PROOF_INVALID, FRESH_PROOF_NEEDED, FACTOR_INVALID, or
   *   LOGIN_DELAYED after failed attempts.
   */
  proveFresh(
    identity: Identity,
    proof: FreshProof,
    client: RequestClient,
  ): Promise<boolean>;
  /**
   * Proves anew who asks; their session counts as proven for five minutes. A
   * password is taken from who has no second factor only.
   *
   * @throws {AppError} FACTOR_INVALID, FACTOR_STATE_CONFLICT, PROOF_INVALID,
   *   PASSKEY_INVALID, LOGIN_DELAYED
   */
  stepUp(
    identity: Identity,
    proof: StepUpProof,
    client: RequestClient,
  ): Promise<SecondFactorView>;
  /** A new session id for the same login, which keeps its fresh proof; where there can be none, the proof counts no more. */
  renew(identity: Identity): Promise<SessionResponse>;
  /**
   * Changes the password of who asks, and ends their other logins.
   *
   * @throws {AppError} FRESH_PROOF_NEEDED, REQUEST_INVALID
   */
  changePassword(
    identity: Identity,
    request: { newPassword: string; client: RequestClient },
  ): Promise<void>;
  /** How many users besides this one may do something. */
  countOthers(action: Action, userId: string): Promise<number>;
  /** Ends a login. @param client For the record. */
  logout(
    sessionId: string,
    client: Pick<RequestClient, "via" | "requestId">,
  ): Promise<void>;
  /** The second factor of people, and which sessions proved it a moment ago. */
  readonly factor: SecondFactor;
  readonly passkeys: Passkeys;
  readonly people: People;
  close(): Promise<void>;
}
