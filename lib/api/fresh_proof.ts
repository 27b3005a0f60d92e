import type { Identity } from "../auth/port.ts";
import { AppError } from "../core/errors.ts";
import type { ApiOptions } from "./context.ts";

/** The refusal of a login that has not given the fresh proof that is needed; null where it has. */
export async function findStaleProof(
  { auth }: Pick<ApiOptions, "auth">,
  { identity, needed }: {
    identity: Identity;
    /** `factor`: real money hangs on it, and only a second factor counts. */
    needed: "factor" | "any" | null;
  },
): Promise<AppError | null> {
  try {
    if (needed === "factor") await auth.factor.requireFresh(identity);
    if (needed === "any") await auth.factor.requireProven(identity);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
