import type { RequestClient } from "../contracts/audit.ts";
import * as OTPAuth from "otpauth";
import { AppError } from "../core/errors.ts";
import type { User } from "../contracts/auth.ts";
import { bindings } from "../contracts/sealed_record.ts";
import { FACTOR_STEP_SECONDS } from "./limits.ts";

const ISSUER = "SMC Fleet";

/** Where a request comes from, for delays against guessing and for the audit trail. */
export type Client = RequestClient;

/** What an authenticator of this person computes its codes with. */
export function totpOf(user: User, secret: OTPAuth.Secret): OTPAuth.TOTP {
  return new OTPAuth.TOTP({
    issuer: ISSUER,
    label: user.email,
    period: FACTOR_STEP_SECONDS,
    secret,
  });
}

/** What the sealed secret is bound to. */
export function bindingOf(user: User): readonly string[] {
  return bindings.secondFactor(user.id);
}

/** A code that is wrong, old, or was used. */
export function wrongCode(): AppError {
  return new AppError(
    "FACTOR_INVALID",
    "The code is wrong or was used already; wait for the next one and enter it",
    { status: 403 },
  );
}

/** What cannot be done with the factor as it is. */
export function conflict(detail: string): AppError {
  return new AppError("FACTOR_STATE_CONFLICT", detail, { status: 409 });
}
