/**
 * What somebody can prove with who they are. Apart from the schemas, so that a
 * page that asks for a proof needs no code for those.
 *
 * @module
 */
import type { SecondFactorView } from "./second_factor.ts";

/** What somebody can prove with who they are. */
export interface ProofWays {
  /** What they type; null of who has passkeys only. */
  typed: "code" | "password" | null;
  hasPasskey: boolean;
}

/** A code of who has an authenticator, a passkey of who has one, the password of who has no second factor at all. */
export function proofWaysOf(
  { isEnrolled, passkeys }: Pick<SecondFactorView, "isEnrolled" | "passkeys">,
): ProofWays {
  const hasPasskey = passkeys > 0;
  const typed = isEnrolled ? "code" : hasPasskey ? null : "password";
  return { typed, hasPasskey };
}
