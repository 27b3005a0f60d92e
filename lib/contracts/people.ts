/**
 * People who may log in: invited by an admin with a one-time link, without any
 * e-mail being sent.
 *
 * @module
 */
import * as z from "zod";
import { emailSchema, newPasswordSchema, type User } from "./auth.ts";
import { type Role, ROLES } from "./policy.ts";
import type { EpochMs } from "./primitives.ts";

/** Path of the page that a link leads to. What follows it stays in the browser: no server and no log sees a fragment. */
export const INVITE_PATH = "/invite";

const roleSchema = z.enum(ROLES, `Give a role: ${ROLES.join(", ")}`);

/** `POST /api/users`: invites somebody. */
export const inviteRequestSchema = z.strictObject({
  email: emailSchema,
  role: roleSchema,
});
export type InviteRequest = z.infer<typeof inviteRequestSchema>;

/** `PUT /api/users/:user`: what is left out stays as it is. */
export const userChangeSchema = z.strictObject({
  role: roleSchema.optional(),
  status: z.enum(["active", "disabled"], "Give active or disabled").optional(),
}).refine(
  ({ role, status }) => role !== undefined || status !== undefined,
  "Give a role or a status to change",
);
export type UserChangeRequest = z.infer<typeof userChangeSchema>;

/** `POST /api/users/:user/reset-link`. */
export const resetLinkRequestSchema = z.strictObject({
  /** For who has lost it: authenticator, recovery codes and passkeys go, too. */
  removesFactor: z.boolean().default(false),
});
export type ResetLinkRequest = z.input<typeof resetLinkRequestSchema>;

/** `POST /api/auth/invite`: the password of one's own, by the token of a link. */
export const acceptInviteSchema = z.strictObject({
  token: z.string().trim().min(1, "Paste the code of your link").max(200),
  password: newPasswordSchema,
});
export type AcceptInviteRequest = z.infer<typeof acceptInviteSchema>;

/** Answer to it: nobody is logged in by a link. */
export interface AcceptedInvite {
  kind: InviteKind;
  email: string;
}

/** `POST /api/account/password`: a new password; the login itself proves who asks. */
export const passwordChangeSchema = z.strictObject({
  newPassword: newPasswordSchema,
});
export type PasswordChangeRequest = z.infer<typeof passwordChangeSchema>;

/** A new account, or a new password for one that exists. */
export type InviteKind = "invite" | "reset";

/** What is kept of a link. The token itself is shown once and kept nowhere. */
export interface StoredInvite {
  id: string;
  kind: InviteKind;
  /** SHA-256 of the token in hex. */
  tokenHash: string;
  email: string;
  /** Role of the new account; null for a reset. */
  role: Role | null;
  /** Whose password is set anew; null for an invitation. */
  userId: string | null;
  /** A reset that takes the second factor away. */
  removesFactor: boolean;
  createdAt: EpochMs;
  expiresAt: EpochMs;
  /** E-mail of the admin who made it. */
  createdBy: string;
}

/** A link as lists show it: without anything that opens an account. */
export interface InviteView {
  id: string;
  kind: InviteKind;
  email: string;
  role: Role | null;
  removesFactor: boolean;
  createdBy: string;
  /** ISO 8601. */
  createdAt: string;
  expiresAt: string;
}

/** Answer to an invitation or a reset: the link is shown this once. */
export interface LinkResponse {
  invite: InviteView;
  link: string;
}

/** Somebody, as admins see them. */
export interface PersonView {
  id: string;
  email: string;
  role: Role;
  status: User["status"];
  /** ISO 8601. */
  createdAt: string;
  /** Whether a password alone does not log them in. */
  hasFactor: boolean;
}
