import * as z from "zod";
import type { Action } from "../contracts/policy.ts";
import type { Caller } from "../fleet/port.ts";
import type { ApiContext } from "./context.ts";
import type { Authorizer } from "./gate.ts";

/** Query of what is done to somebody's own things. */
export const userQuerySchema = z.strictObject({
  /** Whose, by the id of the user; one's own where it is left out. */
  user: z.string().min(1).max(64).optional(),
});

/** A request that may be about somebody else's things. */
interface Asked {
  c: ApiContext;
  query: z.infer<typeof userQuerySchema>;
  caller: Caller;
}

/** Whose things a request is about: one's own, or those of `?user=`. */
export function userAsked({ query, caller }: Omit<Asked, "c">): string {
  return query.user ?? caller.userId;
}

/** Refuses where they are somebody else's and the policy wants one's own. */
export function authorizeAsked(
  authorizer: Authorizer,
  action: Action,
): (asked: Asked) => Promise<void> {
  return (asked) =>
    authorizer.authorize(asked.c, action, {
      ownerId: userAsked(asked),
      isLive: false,
    });
}
