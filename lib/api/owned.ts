import { mayAct } from "../contracts/policy.ts";
import type { Action } from "../contracts/policy.ts";
import * as z from "zod";
import { AppError } from "../core/errors.ts";
import { type ApiContext, loginOf } from "./context.ts";
import { readQuery } from "./input.ts";

const userQuerySchema = z.strictObject({
  user: z.string().min(1).max(64).optional(),
});

/**
 * Whose things a list is about: one's own, or those of `?user=`.
 *
 * @throws {AppError} NOT_OWNER
 */
export function listedUser(c: ApiContext, action: Action): string {
  const { user } = loginOf(c).identity;
  const wanted = readQuery(c, userQuerySchema).user ?? user.id;
  if (mayAct(user, action, wanted)) return wanted;
  throw new AppError(
    "NOT_OWNER",
    `Your role ${user.role} may do "${action}" only to your own; leave ?user= out`,
  );
}
