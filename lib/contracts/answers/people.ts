import * as z from "zod";
import type {
  AcceptedInvite,
  InviteView,
  LinkResponse,
  PersonView,
} from "../people.ts";
import { ROLES } from "../policy.ts";
import { same } from "./parts.ts";

const inviteKindSchema = z.enum(["invite", "reset"]);

/** {@link PersonView} */
export const personViewSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  status: z.enum(["active", "disabled"]),
  createdAt: z.string(),
  hasFactor: z.boolean(),
});
same<PersonView, typeof personViewSchema>();

/** {@link InviteView} */
export const inviteViewSchema = z.object({
  id: z.string(),
  kind: inviteKindSchema,
  email: z.string(),
  role: z.enum(ROLES).nullable(),
  removesFactor: z.boolean(),
  createdBy: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
});
same<InviteView, typeof inviteViewSchema>();

/** {@link LinkResponse} */
export const linkResponseSchema = z.object({
  invite: inviteViewSchema,
  link: z.string(),
});
same<LinkResponse, typeof linkResponseSchema>();

/** {@link AcceptedInvite} */
export const acceptedInviteSchema = z.object({
  kind: inviteKindSchema,
  email: z.string(),
});
same<AcceptedInvite, typeof acceptedInviteSchema>();
