import * as z from "zod";
import type { SealedSecret } from "./exchange_key.ts";
import { assertionSchema } from "./passkey.ts";

export { type ProofWays, proofWaysOf } from "./proof_ways.ts";

/** A code of the authenticator, or a recovery code. */
export const factorCode = z.string().trim().toLowerCase().regex(
  /^(\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/,
  "Enter the six digits of your authenticator, or a recovery code such as ab1cd-2ef3g",
);

/** `POST /api/account/second-factor/confirm` and `/remove`: a code of the authenticator, or a recovery code. */
export const factorCodeSchema = z.strictObject({ code: factorCode });

/**
 * `POST /api/account/step-up`: one proof of who asks. A code or a passkey of who
 * has a second factor, the password of who has none.
 */
export const stepUpSchema = z.union([
  factorCodeSchema,
  z.strictObject({
    password: z.string().min(1, "Enter your password").max(128),
  }),
  z.strictObject({ passkey: assertionSchema }),
], "Send one of: code, password, passkey");
export type StepUpRequest = z.infer<typeof stepUpSchema>;

/** `POST /api/account/second-factor`: begins an enrolment; the password proves who asks. */
export const enrolRequestSchema = z.strictObject({
  password: z.string().min(1, "Enter your password").max(128),
});

/** Answer to an enrolment: shown once. */
export interface EnrolmentResponse {
  /** For typing in, base32. */
  secret: string;
  /** For a QR code. */
  uri: string;
}

/** Answer to a confirmed enrolment: each code works once, and they are shown once. */
export interface RecoveryCodesResponse {
  recoveryCodes: readonly string[];
}

/** `GET /api/account/second-factor`. */
export interface SecondFactorView {
  /** An authenticator is set up. */
  isEnrolled: boolean;
  /** Passkeys, each of which is a second factor as well. */
  passkeys: number;
  recoveryCodesLeft: number;
  /** Until when this session counts as freshly proven, ISO 8601; null for not at all. */
  freshUntil: string | null;
}

/** What is kept of somebody's second factor. */
export interface StoredFactor {
  /** Changes with every change of the rest. */
  revision: string;
  /** Secret of the authenticator. */
  sealed: SealedSecret;
  /** False until the first code was entered. */
  isConfirmed: boolean;
  /** Time step of the last code that was taken: no code works twice. */
  lastStep: number;
  /** SHA-256 of the recovery codes that are left, in hex. */
  recoveryHashes: readonly string[];
}
