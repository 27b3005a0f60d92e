import * as z from "zod";
import type { LoginResponse, MeResponse } from "../auth.ts";
import { POLICY, ROLES } from "../policy.ts";
import { codesOf, same } from "./parts.ts";

/** Who a login belongs to. */
const loginUserSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
});

/** {@link LoginResponse}: the cookie's value is not in it. */
export const loginResponseSchema = z.object({
  expiresAt: z.string(),
  user: loginUserSchema,
  recoveryCodesLeft: z.number().optional(),
});
same<LoginResponse, typeof loginResponseSchema>();

const actionSchema = codesOf(POLICY);

/** {@link MeResponse} */
export const meResponseSchema = z.object({
  user: loginUserSchema,
  actions: z.array(actionSchema),
  reach: z.partialRecord(actionSchema, z.enum(["own", "any"])),
});
same<MeResponse, typeof meResponseSchema>();
