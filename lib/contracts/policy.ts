import type { ControlAction } from "./agent.ts";

/** Roles, least powerful first. */
export const ROLES = ["viewer", "operator", "trader", "risk", "admin"] as const;
export type Role = (typeof ROLES)[number];

/**
 * The one table of who may do what: the least role each action needs. Roles
 * are ordered, and each one may do what those before it
 * may. A route without an entry here is not reachable.
 */
export const POLICY = {
  "account.read": "viewer",
  "account.logout": "viewer",
  "account.factor": "viewer",
  "agents.read": "viewer",
  "backtests.read": "viewer",
  "agents.validate": "viewer",
  "logs.read": "viewer",
  // A viewer sees configuration and decisions already; a recording has no more.
  "recordings.read": "viewer",
  "stream.read": "viewer",
  "templates.read": "viewer",
  "emergency.read": "viewer",
  "agents.start": "operator",
  "agents.stop": "operator",
  "agents.pause": "operator",
  "agents.resume": "operator",
  "agents.restart": "operator",
  // Stopping is easy, going on is hard.
  "emergency.stop": "operator",
  "backtests.cancel": "operator",
  "agents.spawn": "trader",
  "agents.live": "trader",
  "agents.configure": "trader",
  "agents.delete": "trader",
  "backtests.run": "trader",
  "backtests.delete": "trader",
  "templates.import": "trader",
  "templates.delete": "trader",
  // Every person's own: nobody reads another's.
  "keys.read": "trader",
  "keys.manage": "trader",
  "keys.live": "risk",
  "agents.kill": "risk",
  "agents.rearm": "risk",
  "emergency.release": "risk",
} as const satisfies Readonly<
  Record<`agents.${ControlAction}`, Role> & Record<string, Role>
>;

/** Something a user may be allowed to do. */
export type Action = keyof typeof POLICY;

/** All actions, for tables and tests. */
export const ACTIONS = Object.keys(POLICY) as Action[];

/** The action behind a control request. */
export function controlAction(action: ControlAction): Action {
  return `agents.${action}`;
}

/** The least role that may do this. */
export function roleNeeded(action: Action): Role {
  return POLICY[action];
}

/** Tells whether a role may do this. An unknown role may do nothing. */
export function isAllowed(role: Role, action: Action): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(POLICY[action]);
}
