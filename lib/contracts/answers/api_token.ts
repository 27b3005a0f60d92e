import * as z from "zod";
import type { ApiTokenCreated, ApiTokenView } from "../api_token.ts";
import { type Action, ACTIONS } from "../policy.ts";
import { same } from "./parts.ts";

/** {@link ApiTokenView} */
export const apiTokenViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(ACTIONS as [Action, ...Action[]])),
  createdAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().nullable(),
  state: z.enum(["active", "expired", "ended"]),
});
same<ApiTokenView, typeof apiTokenViewSchema>();

/** {@link ApiTokenCreated} */
export const apiTokenCreatedSchema = z.object({
  token: z.string(),
  view: apiTokenViewSchema,
});
same<ApiTokenCreated, typeof apiTokenCreatedSchema>();
