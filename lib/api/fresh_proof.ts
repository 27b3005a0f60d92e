import { AppError } from "../core/errors.ts";
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
  if (auth.factor.isFresh(loginOf(c).identity.sessionId)) return;
  throw new AppError(
    "FRESH_PROOF_NEEDED",
    "This needs a fresh proof that it is you: send a code of your authenticator " +
      "to POST /api/account/step-up, then repeat it within five minutes; " +
      "without a second factor set one up first",
    { status: 403 },
  );
}
