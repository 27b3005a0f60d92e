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
