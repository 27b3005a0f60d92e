import type { ControlAction } from "../contracts/agent.ts";
import type { Role } from "../contracts/auth.ts";

const RANK: Readonly<Record<Role, number>> = {
  viewer: 0,
  operator: 1,
  trader: 2,
  risk: 3,
  admin: 4,
};

/** What the panel offers to do; the server's policy decides again. */
export type PanelAction = ControlAction | "spawn" | "configure" | "delete";

const NEEDED: Readonly<Record<PanelAction, Role>> = {
  start: "operator",
  pause: "operator",
  resume: "operator",
  stop: "operator",
  restart: "operator",
  spawn: "trader",
  configure: "trader",
  delete: "trader",
  kill: "risk",
  rearm: "risk",
};

/** Why a role may not do this, or null where it may. */
export function roleRefusal(role: Role, action: PanelAction): string | null {
  return RANK[role] >= RANK[NEEDED[action]]
    ? null
    : `Needs role ${NEEDED[action]}`;
}
