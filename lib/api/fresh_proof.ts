import { type ApiContext, type ApiOptions, loginOf } from "./context.ts";

/**
 * Lets a request pass only from a session that proved its second factor within
 * the last minutes.
 *
 * @throws {AppError} `FRESH_PROOF_NEEDED`
 */
export function requireFreshProof(
  c: ApiContext,
  { auth }: Pick<ApiOptions, "auth">,
): void {
  auth.factor.requireFresh(loginOf(c).identity.sessionId);
}
