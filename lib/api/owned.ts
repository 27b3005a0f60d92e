import * as z from "zod";
import { mayAct } from "../contracts/policy.ts";
import type { Action } from "../contracts/policy.ts";
import { AppError } from "../core/errors.ts";
import { type ApiContext, loginOf } from "./context.ts";

/** Query of a list of what somebody has of their own. */
export const userQuerySchema = z.strictObject({
  /** Whose, by the id of the user; one's own where it is left out. */
  user: z.string().min(1).max(64).optional(),
});

/**
 * Whose things a request is about: one's own, or those of `?user=`.
 *
 * @throws {AppError} NOT_OWNER
 */
export function listedUser(
  c: ApiContext,
  { action, user: given }: { action: Action; user: string | undefined },
): string {
  const { user } = loginOf(c).identity;
  const wanted = given ?? user.id;
  if (mayAct(user, action, wanted)) return wanted;
  throw new AppError(
    "NOT_OWNER",
    `Your role ${user.role} may do "${action}" only to your own; leave ?user= out`,
  );
}
