import type { RequestClient } from "../contracts/audit.ts";
import type { User } from "../contracts/auth.ts";
import type { FreshProof, Identity } from "./port.ts";
import type { SecondFactor } from "./second_factor.ts";

/** What a proof is checked with. */
export interface ProofChecks {
  factor: SecondFactor;
  /** Rejects where this is not the person's password. */
  checkPassword(user: User, password: string): Promise<void>;
  client: RequestClient;
}

/**
 * Proves that somebody who is logged in is who they are: with their second
 * factor where they have one, a code or a session that proved one a moment ago,
 * and with their password where they have none. A password does not stand in
 * for a second factor.
 *
 * @returns Whether this proof made the session fresh: the login of a browser has
 *   to get a new secret then. A password marks nothing.
 * @throws {AppError} PROOF_INVALID, FRESH_PROOF_NEEDED, FACTOR_INVALID, LOGIN_DELAYED
 */
export async function checkFreshProof(
  identity: Identity,
  { password, code }: FreshProof,
  { factor, checkPassword, client }: ProofChecks,
): Promise<boolean> {
  if (!await factor.isInForce(identity.user)) {
    await checkPassword(identity.user, password);
    return false;
  }
  if (code === "") {
    await factor.requireFresh(identity);
    return false;
  }
  await factor.stepUp(identity, { code, client });
  return true;
}
