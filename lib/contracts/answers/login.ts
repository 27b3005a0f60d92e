import * as z from "zod";
import type { ProgramLogin, SessionView } from "../auth.ts";
import { ROLES } from "../policy.ts";
import { same } from "./parts.ts";

/** Answer to a program's login and refresh: {@link ProgramLogin} */
export const programLoginSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  expiresAt: z.string(),
  loginEndsAt: z.string(),
  user: z.object({
    id: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
  }),
  recoveryCodesLeft: z.number().optional(),
});
same<ProgramLogin, typeof programLoginSchema>();

/** {@link SessionView} */
export const sessionViewSchema = z.object({
  id: z.string(),
  kind: z.enum(["panel", "program"]),
  createdAt: z.string(),
  lastSeenAt: z.string(),
  expiresAt: z.string(),
  address: z.string(),
  userAgent: z.string(),
  isThis: z.boolean(),
});
same<SessionView, typeof sessionViewSchema>();

/** `POST /api/sessions/revoke-others`: how many logins were ended. */
export const revokedResponseSchema = z.object({ revoked: z.number() });
