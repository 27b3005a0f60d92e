import type { PageState } from "../../lib/api/page_state.ts";
import type { User } from "../../lib/contracts/auth.ts";
import type { FormProof } from "../../lib/ui/ProofField.tsx";

/** What the user can prove with; of who that is unknown the password is asked for. */
export async function proofOf(
  { services: { auth }, identity }: PageState,
  user: User,
): Promise<Omit<FormProof, "passkeyButton">> {
  const { takesCode, hasPasskey } = await auth.factor.factorsOf(user.id)
    .catch(() => ({ takesCode: false, hasPasskey: false }));
  const isFresh = identity !== null && auth.factor.isFresh(identity.sessionId);
  const typed = takesCode ? "code" : hasPasskey ? null : "password";
  return { typed, hasPasskey, isFresh };
}
