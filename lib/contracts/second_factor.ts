import * as z from "zod";

/** `POST /api/account/second-factor/confirm` and `/api/account/step-up`: a code of the authenticator, or a recovery code. */
export const factorCodeSchema = z.strictObject({
  code: z.string().trim().regex(
    /^(\d{6}|[a-z0-9]{5}-[a-z0-9]{5})$/,
    "Enter the six digits of your authenticator, or a recovery code such as ab1cd-2ef3g",
  ),
});

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
