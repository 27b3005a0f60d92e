import type {
  LoginRequest,
  SessionResponse,
  SetupRequest,
  User,
} from "../contracts/auth.ts";

import type { Action } from "../contracts/policy.ts";
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
}

/** What somebody gives as a proof of who they are; what they do not have is "". */
export interface FreshProof {
  password: string;
  /** A code of the authenticator, or a recovery code. */
  code: string;
}

/** Accounts and logins. Refusals are thrown as AppError with a code of contracts/problem.ts. */
export interface AuthService {
  /** True until the first account exists. */
  setupNeeded(): Promise<boolean>;
  /** Creates the first account (admin) by the one-time token, and logs it in. */
  setup(
    request: SetupRequest,
    client: { userAgent: string; address: string },
  ): Promise<SessionResponse>;
  login(
    request: LoginRequest,
    client: { userAgent: string; address: string },
  ): Promise<SessionResponse>;
  /** Null for anything but a valid token of a session that still exists. */
  authenticate(token: string): Promise<Identity | null>;
  /**
   * A fresh proof that somebody who is logged in is who they are: with their
   * second factor where they have one, else with their password.
   *
   * @throws {AppError} PROOF_INVALID, FRESH_PROOF_NEEDED, FACTOR_INVALID, or
   *   LOGIN_DELAYED after failed attempts.
   */
  proveFresh(
    identity: Identity,
    proof: FreshProof,
    client: { address: string; via: string },
  ): Promise<void>;
  /** How many users besides this one may do something. */
  countOthers(action: Action, userId: string): Promise<number>;
  logout(sessionId: string): Promise<void>;
  /** The second factor of people, and which sessions proved it a moment ago. */
  readonly factor: SecondFactor;
  close(): Promise<void>;
}
