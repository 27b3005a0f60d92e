import type { Identity } from "../auth/port.ts";
import { AppError } from "../core/errors.ts";
import { type ApiContext, type ApiOptions, loginOf } from "./context.ts";

/**
 * Lets a request pass only from a session that proved who asks within the last
 * minutes: by a code or a passkey, or by the password of who has neither.
 *
 * @throws {AppError} `FRESH_PROOF_NEEDED`
 */
export function requireFreshProof(
  c: ApiContext,
  { auth }: Pick<ApiOptions, "auth">,
): void {
  auth.factor.requireProven(loginOf(c).identity.sessionId);
}

/**
 * The same for what real money hangs on: only a second factor does.
 *
 * @throws {AppError} `FRESH_PROOF_NEEDED`, or `FACTOR_STATE_CONFLICT` of who has none.
 */
export function requireFreshFactor(
  c: ApiContext,
  { auth }: Pick<ApiOptions, "auth">,
): void {
  auth.factor.requireFresh(loginOf(c).identity.sessionId);
}

/** The refusal of a login that has given no fresh proof; null where it has. */
export async function findStaleProof(
  { auth }: Pick<ApiOptions, "auth">,
  { sessionId }: Identity,
): Promise<AppError | null> {
  try {
    await auth.factor.requireFresh(sessionId);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
