import type { User } from "../contracts/auth.ts";
import type { Owner } from "../contracts/owner.ts";
import {
  type Action,
  isAllowed,
  mayAct,
  permissionOf,
  type Role,
  roleNeeded,
} from "../contracts/policy.ts";

/** Who looks at the panel. */
export type PanelUser = Pick<User, "id" | "role">;

/** Something that may be somebody's; without an owner it is nobody's. */
export interface Owned {
  owner?: Owner | undefined;
}

/**
 * Why a person may not do this, or null where they may. What the panel offers
 * to do; the server's policy, the same table, decides again.
 *
 * @param thing What it is done to; left out where it is one's own or nobody's in particular.
 */
export function refusalOf(
  user: PanelUser,
  action: Action,
  thing?: Owned,
): string | null {
  const byRole = actionRefusal(user.role, action);
  if (byRole !== null || thing === undefined) return byRole;
  const { owner } = thing;
  if (mayAct(user, action, owner?.id ?? null)) return null;
  if (owner !== undefined) {
    return `Belongs to ${ownerWord(owner)}; you may only change your own`;
  }
  const { any } = permissionOf(action);
  return any === null ? "Belongs to nobody" : `Needs role ${any}`;
}

/** Why a role may not do this to anything at all, or null where it may. */
export function actionRefusal(role: Role, action: Action): string | null {
  return isAllowed(role, action) ? null : `Needs role ${roleNeeded(action)}`;
}

/** What an owner is called. */
export function ownerWord({ email }: Owner): string {
  return email ?? "another person";
}

/** The same as seen by somebody: "you" for oneself, "nobody" for none. */
export function ownerLabel(user: PanelUser, { owner }: Owned): string {
  if (owner === undefined) return "nobody";
  return owner.id === user.id ? "you" : ownerWord(owner);
}

/** What the panel's scripts need to know of who is logged in. */
export function toPanelUser({ id, role }: User): PanelUser {
  return { id, role };
}
