import * as z from "zod";
import { factorCode } from "./second_factor.ts";
import type { Role } from "./policy.ts";
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

/** Answer to setup and login; the same token is set as an HttpOnly cookie. */
export interface SessionResponse {
  token: string;
  expiresAt: string;
  user: Pick<User, "id" | "email" | "role">;
  /** How many recovery codes are left, where this login has used one. */
  recoveryCodesLeft?: number;
}

/** A login that can be revoked. */
export interface Session {
  id: string;
  userId: string;
  createdAt: EpochMs;
  expiresAt: EpochMs;
  userAgent: string;
  /** Epoch of its user; one of another epoch has ended. Not known of older ones. */
  epoch?: number;
}
