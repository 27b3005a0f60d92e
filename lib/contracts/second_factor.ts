import * as z from "zod";
import type { SealedSecret } from "./exchange_key.ts";

/** A code of the authenticator, or a recovery code. */
export const factorCode = z.string().trim().regex(
  /^(\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/,
  "Enter the six digits of your authenticator, or a recovery code such as ab1cd-2ef3g",
);

/** `POST /api/account/second-factor/confirm` and `/api/account/step-up`: a code of the authenticator, or a recovery code. */
export const factorCodeSchema = z.strictObject({ code: factorCode });

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
  isEnrolled: boolean;
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
