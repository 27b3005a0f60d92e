import type { StopScope } from "../../contracts/emergency.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import type { Caller } from "../port.ts";

/**
 * The scope of a request whose stop is known. An agent may be gone by now, and
 * its id is the same.
 *
 * @throws {AppError} As {@link resolveScope} does, of a user.
 */
export async function resolveAgain(
  context: FleetContext,
  scope: StopScope,
  caller: Caller,
): Promise<StopScope> {
  return scope.kind === "agent"
    ? scope
    : await resolveScope(context, scope, caller);
}

/**
 * A scope with ids only: people name users by their e-mail.
 *
 * @throws {AppError} AGENT_NOT_FOUND, REQUEST_INVALID for an unknown user, or
 * STORE_UNAVAILABLE where the user cannot be looked up.
 */
export async function resolveScope(
  context: FleetContext,
  scope: StopScope,
  caller: Caller,
): Promise<StopScope> {
  if (scope.kind === "agent") context.agents.require(scope.id);
  if (scope.kind !== "user" || scope.id.startsWith("usr_")) return scope;
  const email = scope.id.toLowerCase();
  if (email === caller.email) return { kind: "user", id: caller.userId };
  const known = await context.store.users.byEmail(email);
  if (known !== null) return { kind: "user", id: known.user.id };
  throw new AppError(
    "REQUEST_INVALID",
    `There is no user "${
      email.slice(0, 60)
    }"; give an e-mail or a user id, or stop everything`,
    {
      status: 422,
      errors: [{
        pointer: "/scope/id",
        code: "USER_UNKNOWN",
        detail: "There is no such user",
      }],
    },
  );
}
