import * as z from "zod";
import type {
  EnrolmentResponse,
  RecoveryCodesResponse,
  SecondFactorView,
} from "../second_factor.ts";
import { same } from "./parts.ts";

/** {@link SecondFactorView} */
export const secondFactorViewSchema = z.object({
  isEnrolled: z.boolean(),
  passkeys: z.number(),
  recoveryCodesLeft: z.number(),
  freshUntil: z.string().nullable(),
});
same<SecondFactorView, typeof secondFactorViewSchema>();

/** {@link EnrolmentResponse} */
export const enrolmentResponseSchema = z.object({
  secret: z.string(),
  uri: z.string(),
});
same<EnrolmentResponse, typeof enrolmentResponseSchema>();

/** {@link RecoveryCodesResponse} */
export const recoveryCodesResponseSchema = z.object({
  recoveryCodes: z.array(z.string()),
});
same<RecoveryCodesResponse, typeof recoveryCodesResponseSchema>();
