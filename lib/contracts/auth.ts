import * as z from "zod";
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

const email = z.string().trim().toLowerCase().max(254).pipe(
  z.email("Enter an e-mail address such as you@example.com"),
);

export const MIN_PASSWORD_LENGTH = 15;
export const MAX_PASSWORD_LENGTH = 128;

const newPassword = z.string().min(
  MIN_PASSWORD_LENGTH,
  `Use at least ${MIN_PASSWORD_LENGTH} characters; a few words are easy to remember`,
).max(MAX_PASSWORD_LENGTH, `Use at most ${MAX_PASSWORD_LENGTH} characters`);

/** `POST /api/auth/setup`: the first account, by the one-time token of the server's console. */
export const setupRequestSchema = z.strictObject({
  token: z.string().trim().min(
    1,
    "Paste the setup token that the server printed",
  ).max(200),
  email,
  password: newPassword,
});
export type SetupRequest = z.infer<typeof setupRequestSchema>;

/** `POST /api/auth/login`. */
export const loginRequestSchema = z.strictObject({
  email,
  password: z.string().min(1, "Enter your password").max(MAX_PASSWORD_LENGTH),
});
export type LoginRequest = z.infer<typeof loginRequestSchema>;

/** Answer to setup and login; the same token is set as an HttpOnly cookie. */
export interface SessionResponse {
  token: string;
  expiresAt: string;
  user: Pick<User, "id" | "email" | "role">;
}

/** A login that can be revoked. */
export interface Session {
  id: string;
  userId: string;
  createdAt: EpochMs;
  expiresAt: EpochMs;
  userAgent: string;
}

/** `GET /api/auth/me`. */
export interface MeResponse {
  user: Pick<User, "id" | "email" | "role">;
  /** Actions of the policy table that this login may do: what the role may, and of an API token what it was made for. */
  actions: readonly Action[];
  /** To what it may do each of them. */
  reach: Readonly<Partial<Record<Action, Reach>>>;
}
