import type { ControlAction } from "./agent.ts";

/** Roles, least powerful first. */
export const ROLES = ["viewer", "operator", "trader", "risk", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who may do something, and what it takes. */
export interface Permission {
  /** Least role that may do it to what is their own; left out where only `any` counts. */
  own?: Role;
  /** Least role that may do it to anybody's; null where nobody may. */
  any: Role | null;
  /**
   * Whether it takes a fresh proof of who asks: `factor`, of a second factor;
   * `always`, a second factor or the password of who has none; `live`, only
   * where an agent that trades with money is concerned. Where one is, only a
   * second factor counts.
   */
  stepUp?: "factor" | "always" | "live";
}

/**
 * The one table of who may do what. Roles are ordered, and each one may do what
 * those before it may. What has no owner counts as anybody's. A route without an
 * entry here is not reachable.
 */
export const POLICY = {
  // What everybody has of their own.
  "account.read": { own: "viewer", any: null },
  "account.logout": { own: "viewer", any: null },
  "account.factor": { own: "viewer", any: null },
  "account.preferences": { own: "viewer", any: null },
  "account.passkeys": { own: "viewer", any: null, stepUp: "always" },
  "account.password": { own: "viewer", any: null, stepUp: "always" },
  "sessions.read": { own: "viewer", any: "admin" },
  "sessions.revoke": { own: "viewer", any: "admin" },
  "tokens.read": { own: "viewer", any: "admin" },
  "tokens.create": { own: "viewer", any: null, stepUp: "always" },
  "tokens.revoke": { own: "viewer", any: "admin" },
  // One desk: everybody sees everything but secrets.
  "agents.read": { any: "viewer" },
  "backtests.read": { any: "viewer" },
  "agents.validate": { any: "viewer" },
  "logs.read": { any: "viewer" },
  "recordings.read": { any: "viewer" },
  "stream.read": { any: "viewer" },
  "templates.read": { any: "viewer" },
  "metrics.read": { any: "viewer" },
  "emergency.read": { any: "viewer" },
  "hosts.read": { any: "viewer" },
  // Running the fleet is the operator's work, whoever owns what runs.
  "agents.start": { any: "operator", stepUp: "live" },
  "agents.stop": { any: "operator" },
  "agents.pause": { any: "operator" },
  "agents.resume": { any: "operator", stepUp: "live" },
  "agents.restart": { any: "operator", stepUp: "live" },
  // Stopping is easy, going on is hard.
  "emergency.stop": { any: "operator" },
  "agents.spawn": { own: "trader", any: null },
  "agents.live": { own: "trader", any: null, stepUp: "factor" },
  "agents.configure": { own: "trader", any: "risk", stepUp: "live" },
  "agents.delete": { own: "trader", any: "risk" },
  "backtests.run": { own: "trader", any: null },
  "backtests.cancel": { any: "operator" },
  "backtests.delete": { own: "trader", any: "risk" },
  "templates.import": { any: "trader" },
  "templates.delete": { own: "trader", any: "admin" },
  // Nobody uses another person's key, and nobody reads a secret; an admin sees that a key is there and may take it away.
  "keys.read": { own: "trader", any: "admin" },
  "keys.add": { own: "trader", any: null, stepUp: "factor" },
  "keys.test": { own: "trader", any: null },
  "keys.rotate": { own: "trader", any: null, stepUp: "factor" },
  "keys.live": { own: "risk", any: null, stepUp: "factor" },
  "keys.revoke": { own: "trader", any: "admin" },
  // Alerts go to where their owner says; what they tell of is what everybody sees, and one's own account.
  "alerts.read": { own: "viewer", any: "admin" },
  "alerts.manage": { own: "viewer", any: null },
  "alerts.remove": { own: "viewer", any: "admin" },
  "alerts.all": { any: "admin" },
  "agents.kill": { any: "risk" },
  "agents.rearm": { any: "risk", stepUp: "always" },
  // What is called absent counts as exposure no more.
  "orders.settle": { any: "risk", stepUp: "always" },
  "emergency.release": { any: "risk", stepUp: "always" },
  "audit.read": { any: "risk" },
  "users.read": { any: "admin" },
  "system.read": { any: "admin" },
  "users.manage": { any: "admin", stepUp: "always" },
  // What a host has given up may trade with money elsewhere.
  "hosts.manage": { any: "admin", stepUp: "always" },
} as const satisfies Readonly<
  & Record<`agents.${ControlAction}`, Permission>
  & Record<string, Permission>
>;

/** Something a user may be allowed to do. */
export type Action = keyof typeof POLICY;

/** All actions, for tables and tests. */
export const ACTIONS = Object.keys(POLICY) as Action[];

/** The action behind a control request. */
export function controlAction(action: ControlAction): Action {
  return `agents.${action}`;
}

/** What the table says of an action. */
export function permissionOf(action: Action): Permission {
  return POLICY[action];
}

/** The least role that may do this at all: to their own, where that is less. */
export function roleNeeded(action: Action): Role {
  const { own, any } = permissionOf(action);
  return own ?? any!;
}

/** Tells whether a role may do this to anything at all. An unknown role may do nothing. */
export function isAllowed(role: Role, action: Action): boolean {
  return reaches(role, roleNeeded(action));
}

/** Tells whether a person may do this to what belongs to `ownerId`; null where it belongs to nobody. */
export function mayAct(
  user: { id: string; role: Role },
  action: Action,
  ownerId: string | null,
): boolean {
  const { own, any } = permissionOf(action);
  if (any !== null && reaches(user.role, any)) return true;
  return own !== undefined && ownerId === user.id && reaches(user.role, own);
}

/** To what an action may be done: to one's own, or to anybody's. */
export type Reach = "own" | "any";

/** How far an action reaches for a role: to anybody's, to one's own, or to nothing (null). */
export function reachOf(role: Role, action: Action): Reach | null {
  if (!isAllowed(role, action)) return null;
  const { any } = permissionOf(action);
  return any !== null && reaches(role, any) ? "any" : "own";
}

/** What a login may do, and to what; `scopes` are those of an API token, null for any other login. */
export function reachOfAll(
  role: Role,
  scopes: readonly Action[] | null,
): Readonly<Partial<Record<Action, Reach>>> {
  return Object.fromEntries(
    ACTIONS.flatMap((action) => {
      const reach = reachOf(role, action);
      const isMeant = scopes === null || scopes.includes(action);
      return reach === null || !isMeant ? [] : [[action, reach]];
    }),
  );
}

/** What counts as the fresh proof that an action wants; null where it wants none. */
export function proofNeeded(
  action: Action,
  { isLive }: { isLive: boolean },
): "factor" | "any" | null {
  const { stepUp } = permissionOf(action);
  if (stepUp === undefined) return null;
  if (stepUp === "factor" || isLive) return "factor";
  return stepUp === "always" ? "any" : null;
}

function reaches(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
