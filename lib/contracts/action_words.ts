import {
  type Action,
  permissionOf,
  type Reach,
  reachOf,
  type Role,
} from "./policy.ts";

/** What each action of the policy table is, as a person says it: "you may …". */
export const ACTION_WORDS: Readonly<Record<Action, string>> = {
  "account.read": "see who is logged in",
  "account.logout": "log out",
  "account.factor": "set up and prove a second factor",
  "account.preferences": "choose how the panel looks",
  "account.passkeys": "add and remove passkeys",
  "account.password": "change the password",
  "sessions.read": "see where somebody is logged in",
  "sessions.revoke": "end logins",
  "tokens.read": "list API tokens",
  "tokens.create": "make API tokens",
  "tokens.revoke": "revoke API tokens",
  "agents.read": "see agents and teams",
  "backtests.read": "see backtests",
  "agents.validate": "check configurations",
  "logs.read": "read logs",
  "recordings.read": "download recordings",
  "stream.read": "follow what happens live",
  "templates.read": "see templates, candle files and models",
  "emergency.read": "see emergency stops and try them out",
  "hosts.read": "see hosts",
  "agents.start": "start agents",
  "agents.stop": "stop agents",
  "agents.pause": "pause agents",
  "agents.resume": "resume agents",
  "agents.restart": "restart agents",
  "emergency.stop": "pull the emergency stop",
  "agents.spawn": "spawn agents and teams",
  "agents.live": "spawn agents that trade with money",
  "agents.configure": "change configurations and limits",
  "agents.delete": "delete agents and teams",
  "backtests.run": "run backtests",
  "backtests.cancel": "cancel backtests",
  "backtests.delete": "delete backtests",
  "templates.import": "import templates, sign and import bundles",
  "templates.delete": "delete imported templates",
  "keys.read": "list exchange keys",
  "keys.add": "add exchange keys",
  "keys.test": "test exchange keys",
  "keys.rotate": "replace the secrets of exchange keys",
  "keys.live": "allow exchange keys for live trading",
  "keys.revoke": "revoke exchange keys",
  "alerts.read": "list alert channels, rules and messages",
  "alerts.manage": "make and test alert channels, make rules",
  "alerts.remove": "remove alert channels and rules",
  "alerts.all": "be alerted of everybody's agents and accounts",
  "agents.kill": "kill agents",
  "agents.rearm": "re-arm trading after a limit was hit",
  "orders.settle": "call an order without an answer absent",
  "emergency.release": "release an emergency stop",
  "metrics.read": "read figures for monitoring",
  "audit.read": "read the audit trail",
  "system.read": "see how the server runs",
  "users.read": "list users",
  "users.manage": "invite, change and disable users",
  "hosts.manage": "drain and forget hosts",
};

/** Things that belong to nobody in particular: for these, own and anybody's are the same. */
const OF_NOBODY = "everywhere";

/** To what somebody with a role may do an action, in words. */
export function reachWord(role: Role, action: Action): string {
  return wordOf(reachOf(role, action), action);
}

/** The same, of a reach that is known. */
export function wordOf(reach: Reach | null, action: Action): string {
  if (reach === null) return "no";
  const { own, any } = permissionOf(action);
  if (own === undefined) return OF_NOBODY;
  if (any === null) return "your own";
  return reach === "any" ? "anybody's" : "your own";
}

/** When an action wants a fresh proof of who asks, in words. */
export function proofWord(action: Action): string {
  const { stepUp } = permissionOf(action);
  return stepUp === undefined
    ? ""
    : stepUp === "live"
    ? "where money is traded"
    : stepUp === "factor"
    ? "always, by a second factor"
    : "always";
}
