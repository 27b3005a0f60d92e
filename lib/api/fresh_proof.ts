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

/** The refusal of a login that has not given the fresh proof that is needed; null where it has. */
export async function findStaleProof(
  { auth }: Pick<ApiOptions, "auth">,
  { identity: { sessionId }, needed }: {
    identity: Identity;
    /** `factor`: real money hangs on it, and only a second factor counts. */
    needed: "factor" | "any" | null;
  },
): Promise<AppError | null> {
  try {
    if (needed === "factor") await auth.factor.requireFresh(sessionId);
    if (needed === "any") await auth.factor.requireProven(sessionId);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
