/**
 * What somebody can prove with who they are, without the schemas: browsers load
 * this with every question.
 *
 * @module
 */
import type { SecondFactorView } from "./second_factor.ts";

type Factors = Pick<SecondFactorView, "isEnrolled" | "passkeys">;

/** What somebody can prove with who they are. */
export interface ProofWays {
  /** What they type; null of who has passkeys only. */
  typed: "code" | "password" | null;
  hasPasskey: boolean;
}

/** A code of who has an authenticator, a passkey of who has one, the password of who has no second factor at all. */
export function proofWaysOf(
  { isEnrolled, passkeys }: Factors,
): ProofWays {
  const hasPasskey = passkeys > 0;
  const typed = isEnrolled ? "code" : hasPasskey ? null : "password";
  return { typed, hasPasskey };
}

/** Whether somebody has a second factor: an authenticator, or a passkey. */
export function hasSecondFactor(
  { isEnrolled, passkeys }: Factors,
): boolean {
  return isEnrolled || passkeys > 0;
}
