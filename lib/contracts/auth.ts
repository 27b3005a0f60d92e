import * as z from "zod";
import { factorCode } from "./second_factor.ts";
import type { Action, Reach, Role } from "./policy.ts";
import type { EpochMs } from "./primitives.ts";

/** A person who may log in. The password hash never leaves the store and the auth service. */
export interface User {
  id: string;
  email: string;
  role: Role;
  /** Who is disabled can do nothing, and every login has ended. */
  status: "active" | "disabled";
  /** Raised to end every login and token that was made before. */
  epoch: number;
  createdAt: EpochMs;
}

/** An e-mail address, in the spelling that accounts are found by. */
export const emailSchema = z.string().trim().toLowerCase().max(254).pipe(
  z.email("Enter an e-mail address such as you@example.com"),
);

export const MIN_PASSWORD_LENGTH = 15;
export const MAX_PASSWORD_LENGTH = 128;

/** A password that somebody chooses. Whether it is easily guessed is asked by the service. */
export const newPasswordSchema = z.string().min(
  MIN_PASSWORD_LENGTH,
  `Use at least ${MIN_PASSWORD_LENGTH} characters; a few words are easy to remember`,
).max(MAX_PASSWORD_LENGTH, `Use at most ${MAX_PASSWORD_LENGTH} characters`);

/** `POST /api/auth/setup`: the first account, by the one-time token of the server's console. */
export const setupRequestSchema = z.strictObject({
  token: z.string().trim().min(
    1,
    "Paste the setup token that the server printed",
  ).max(200),
  email: emailSchema,
  password: newPasswordSchema,
});
export type SetupRequest = z.infer<typeof setupRequestSchema>;

/** `POST /api/auth/login`. The code is for who has a second factor. */
export const loginRequestSchema = z.strictObject({
  email: emailSchema,
  password: z.string().min(1, "Enter your password").max(MAX_PASSWORD_LENGTH),
  code: factorCode.optional(),
});
export type LoginRequest = z.infer<typeof loginRequestSchema>;

/** `POST /api/auth/token`: the login of a program. */
export const tokenRequestSchema = loginRequestSchema;
export type TokenRequest = LoginRequest;

/** `POST /api/auth/refresh`. */
export const refreshRequestSchema = z.strictObject({
  refreshToken: z.string().trim().min(1, "Send the refresh token").max(200),
});

/** A login of the panel as the server has it; `token` goes into the HttpOnly cookie and nowhere else. */
export interface SessionResponse {
  token: string;
  expiresAt: string;
  user: Pick<User, "id" | "email" | "role">;
  /** How many recovery codes are left, where this login has used one. */
  recoveryCodesLeft?: number;
}

/** Answer to setup and login: the browser has its cookie. */
export type LoginResponse = Omit<SessionResponse, "token">;

/** Answer to a program's login and refresh. */
export interface ProgramLogin {
  accessToken: string;
  /** Works once; the answer brings the next one. */
  refreshToken: string;
  /** End of the access token. */
  expiresAt: string;
  /** End of the login: then the password is asked for again. */
  loginEndsAt: string;
  user: Pick<User, "id" | "email" | "role">;
  /** How many recovery codes are left, where this login has used one. */
  recoveryCodesLeft?: number;
}

/** A login that can be revoked. */
export interface Session {
  /** Its name, which is no secret. */
  id: string;
  userId: string;
  /** `panel`: a browser with a cookie. `program`: access and refresh tokens. */
  kind: "panel" | "program";
  /** SHA-256 of the cookie's value, hexadecimal; "" for a program. */
  secretHash: string;
  /** Epoch of the user when it began; another one ends it. */
  epoch: number;
  createdAt: EpochMs;
  /** To the minute. */
  lastSeenAt: EpochMs;
  /** The latest end, however busy it is. */
  expiresAt: EpochMs;
  userAgent: string;
  address: string;
  /** Refresh tokens that were used; each use is a check of it. */
  refreshes: number;
}

/** A refresh token as the store has it: the text itself is nowhere. */
export interface StoredRefresh {
  /** SHA-256 of the text, hexadecimal. */
  hash: string;
  /** The login it goes on with; all tokens of one login are a family. */
  sessionId: string;
  expiresAt: EpochMs;
  /** Null while it works. */
  use: RefreshUse | null;
}

/** What became of a refresh token. */
export interface RefreshUse {
  at: EpochMs;
  /** Makes the successor of the used token, for whoever has that one. */
  nonce: string;
  successorHash: string;
  /** SHA-256 of the client's program and address. */
  client: string;
}

/** A login as it is shown to its owner. */
export interface SessionView {
  id: string;
  kind: Session["kind"];
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  address: string;
  userAgent: string;
  /** The one that asks. */
  isThis: boolean;
}

/** `GET /api/auth/me`. */
export interface MeResponse {
  user: Pick<User, "id" | "email" | "role">;
  /** Actions of the policy table that this login may do: what the role may, and of an API token what it was made for. */
  actions: readonly Action[];
  /** To what it may do each of them. */
  reach: Readonly<Partial<Record<Action, Reach>>>;
}
