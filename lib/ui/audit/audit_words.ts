import type { AuditRecord } from "../../contracts/audit_trail.ts";

/** What people do to an agent or a team. */
const CONTROL_WORDS: Readonly<Record<string, string>> = {
  delete: "Deleted",
  kill: "Killed",
  pause: "Paused",
  rearm: "Armed again",
  restart: "Restarted",
  resume: "Resumed",
  start: "Started",
  stop: "Stopped",
};

/** What was done, in words. An action without words is shown as it is called. */
const ACTION_WORDS: Readonly<Record<string, string>> = {
  ...controlled("agent"),
  ...controlled("team"),
  "access.form": "Form without the token of its login",
  "access.origin": "Request from another site",
  "access.refusals": "Further refusals, counted",
  "account.password": "Changed the password",
  "agent.config": "Changed the configuration",
  "agent.remove": "Removed the agent",
  "agent.spawn": "Spawned the agent",
  "audit.seal": "Sealed the entries from before the chain",
  "auth.login": "Logged in",
  "auth.logout": "Logged out",
  "auth.password": "Gave the right password, the second factor to come",
  "auth.refresh": "Renewal of a login",
  "auth.setup": "Made the first account",
  "backtests.cancel": "Canceled a backtest",
  "backtests.delete": "Deleted a backtest",
  "backtests.run": "Started a backtest",
  "bundle.export": "Signed a bundle",
  "bundle.import": "Took in a signed bundle",
  "emergency.release": "Released an emergency stop",
  "emergency.stop": "Emergency stop",
  "alerts.channel.add": "Added an alert channel",
  "alerts.channel.remove": "Removed an alert channel",
  "alerts.rule.add": "Added an alert rule",
  "alerts.rule.change": "Changed an alert rule",
  "alerts.rule.remove": "Removed an alert rule",
  "factor.confirm": "Set up a second factor",
  "factor.enrol": "Began to set up a second factor",
  "factor.prove": "Proved the second factor",
  "factor.recover": "Used a recovery code",
  "factor.remove": "Removed the second factor",
  "host.drain": "Drained a host",
  "host.forget": "Forgot a host",
  "key.add": "Added an exchange key",
  "key.live": "Changed whether a key may trade live",
  "key.revoke": "Revoked an exchange key",
  "key.rotate": "Replaced the secrets of an exchange key",
  "key.test": "Tested an exchange key",
  "key.use": "Key opened by a desk",
  "order.absent": "Said that an order is not at the exchange",
  "passkey.add": "Added a passkey",
  "passkey.prove": "Proved a passkey",
  "passkey.remove": "Removed a passkey",
  "passkey.rename": "Renamed a passkey",
  "sessions.revoke": "Ended logins",
  "team.spawn": "Spawned a team",
  "template.delete": "Deleted a template",
  "template.import": "Imported a template",
  "tokens.create": "Made an API token",
  "tokens.revoke": "Revoked an API token",
  "users.accept": "Set a password by a one-time link",
  "users.invite": "Made a one-time link",
  "users.manage": "Changed an account",
  "users.reset": "Set a new password by a one-time link",
  "users.revoke": "Took a link back",
  "vault.forget": "Forgot what a lost key had sealed",
  "vault.retire": "Retired sealing keys",
  "vault.rotate": "Sealed everything with a new key",
};

function controlled(what: "agent" | "team"): Record<string, string> {
  return Object.fromEntries(
    Object.entries(CONTROL_WORDS).map((
      [action, word],
    ) => [`${what}.${action}`, `${word} the ${what}`]),
  );
}

/** Actions of the policy table: what somebody was refused. */
const TRIED_WORDS: Readonly<Record<string, string>> = {
  "account.factor": "Prove or change a second factor",
  "metrics.read": "Read figures for monitoring",
  "system.read": "See how the server runs",
  "account.preferences": "Choose how the panel looks",
  "account.passkeys": "Add or remove a passkey",
  "account.password": "Change a password",
  "agents.configure": "Change a configuration",
  "agents.delete": "Delete an agent",
  "agents.kill": "Kill an agent",
  "agents.live": "Spawn an agent that trades live",
  "agents.pause": "Pause an agent",
  "agents.rearm": "Arm an agent again",
  "agents.restart": "Restart an agent",
  "agents.resume": "Resume an agent",
  "agents.spawn": "Spawn an agent",
  "agents.start": "Start an agent",
  "agents.stop": "Stop an agent",
  "alerts.all": "Be alerted of everybody's agents",
  "alerts.manage": "Make alert channels and rules",
  "alerts.read": "See alert channels and rules",
  "alerts.remove": "Remove an alert channel or rule",
  "audit.read": "Read the audit trail",
  "auth.factor": "Prove a second factor",
  "auth.login": "Log in",
  "auth.setup": "Make the first account",
  "backtests.run": "Run a backtest",
  "emergency.release": "Release an emergency stop",
  "hosts.manage": "Drain or forget a host",
  "keys.add": "Add an exchange key",
  "keys.read": "See exchange keys",
  "keys.live": "Allow a key to trade live",
  "keys.revoke": "Revoke an exchange key",
  "keys.rotate": "Replace the secrets of an exchange key",
  "orders.settle": "Call an order without an answer absent",
  "templates.delete": "Delete a template",
  "templates.import": "Import a template",
  "tokens.create": "Make an API token",
  "users.accept": "Set a password by a one-time link",
  "users.manage": "Manage people",
};

/** What an entry tells, in words. */
export function actionWords(
  { action, outcome }: Pick<AuditRecord, "action" | "outcome">,
): string {
  const tried = outcome === "refused" ? TRIED_WORDS[action] : undefined;
  return tried ?? ACTION_WORDS[action] ?? action;
}

/** How somebody came in, in words. */
export function viaWords(via: string): string {
  switch (via) {
    case "panel":
      return "in the panel";
    case "cli":
      return "by command line";
    case "api":
      return "by API";
    default:
      return via === "system" ? "by itself" : via;
  }
}
