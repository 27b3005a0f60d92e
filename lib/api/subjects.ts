/**
 * What requests are about: whose it is, and whether it trades with money.
 *
 * @module
 */
import type { Alerts } from "../alerts/port.ts";
import type { AgentView } from "../contracts/agent.ts";
import { hasAccount } from "../contracts/agent_types.ts";
import type { Owner } from "../contracts/owner.ts";
import { AppError } from "../core/errors.ts";
import type { Fleet } from "../fleet/port.ts";
import type { Backtests } from "../backtest/port.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import type { OwnerOf } from "./authorizer.ts";
import { loginOf } from "./context.ts";
import { agentIdOf, idOf } from "./input.ts";
import type { Subject } from "./judge.ts";

/** An agent. @throws {AppError} AGENT_NOT_FOUND */
export function agentSubject(fleet: Fleet, id: string): Subject {
  const agent = fleet.get(id);
  return { ...ownedBy(agent.owner), isLive: isLiveAgent(fleet, agent), id };
}

/** A team; live as soon as one of its agents is. @throws {AppError} TEAM_NOT_FOUND */
export function teamSubject(fleet: Fleet, id: string): Subject {
  const { owner, members } = fleet.teams.get(id);
  return {
    ...ownedBy(owner),
    isLive: members.some((member) => isLiveAgent(fleet, member)),
    id,
  };
}

/** A backtest. @throws {AppError} BACKTEST_NOT_FOUND */
export function backtestSubject(backtests: Backtests, id: string): Subject {
  const { ownerId, ownerEmail = null } = backtests.view(id);
  return { ownerId, ownerEmail, isLive: false, id };
}

/** A template; nobody's where it is part of the product. @throws {AppError} TEMPLATE_NOT_FOUND */
export function templateSubject(fleet: Fleet, name: string): Subject {
  const template = fleet.templates().find((known) => known.name === name);
  if (template === undefined) {
    throw new AppError(
      "TEMPLATE_NOT_FOUND",
      `There is no template "${
        name.slice(0, 60)
      }"; GET /api/templates lists the names`,
      { status: 404 },
    );
  }
  return { ...ownedBy(template.owner), isLive: false, id: name };
}

/** A key of an exchange, which others do not learn of. @throws {AppError} KEY_NOT_FOUND */
export function keySubject(exchangeKeys: ExchangeKeys, id: string): Subject {
  const hiddenAs = new AppError(
    "KEY_NOT_FOUND",
    "You have no exchange key of this id; list them first",
    { status: 404 },
  );
  const key = exchangeKeys.find(id);
  if (key === null) throw hiddenAs;
  return { ownerId: key.view.ownerId, isLive: false, id, hiddenAs };
}

/** A channel for alerts, which others do not learn of. @throws {AppError} ALERT_CHANNEL_NOT_FOUND */
export function alertChannelSubject(alerts: Alerts, id: string): Subject {
  const hiddenAs = new AppError(
    "ALERT_CHANNEL_NOT_FOUND",
    "You have no alert channel of this id; list them first",
    { status: 404 },
  );
  const ownerId = alerts.ownerOf("channel", id);
  if (ownerId === null) throw hiddenAs;
  return { ownerId, isLive: false, id, hiddenAs };
}

/** A rule of alerts; the same. @throws {AppError} ALERT_RULE_NOT_FOUND */
export function alertRuleSubject(alerts: Alerts, id: string): Subject {
  const hiddenAs = new AppError(
    "ALERT_RULE_NOT_FOUND",
    "You have no alert rule of this id; list them first",
    { status: 404 },
  );
  const ownerId = alerts.ownerOf("rule", id);
  if (ownerId === null) throw hiddenAs;
  return { ownerId, isLive: false, id, hiddenAs };
}

/** The agent in the path. */
export function agentInPath(fleet: Fleet): OwnerOf {
  return (c) => agentSubject(fleet, agentIdOf(c));
}

/** The team in the path. */
export function teamInPath(fleet: Fleet): OwnerOf {
  return (c) => teamSubject(fleet, idOf(c));
}

/**
 * The same for what may be gone already, because a repeated request has removed
 * it: then the handler, or the answer that was kept, says so.
 */
export function ifThere(ownerOf: OwnerOf): OwnerOf {
  return async (c) => {
    try {
      return await ownerOf(c);
    } catch (error) {
      const isGone = error instanceof AppError &&
        error.code.endsWith("_NOT_FOUND");
      if (!isGone) throw error;
      return { ownerId: loginOf(c).identity.user.id, isLive: false };
    }
  };
}

/** Whether an agent trades with money, or guards one that does. */
function isLiveAgent(
  fleet: Fleet,
  { id, type, mode }: Pick<AgentView, "id" | "type" | "mode">,
): boolean {
  if (hasAccount(type)) return mode === "live";
  return fleet.guarded(id).some((agentId) =>
    fleet.get(agentId).mode === "live"
  );
}

function ownedBy(
  owner: Owner | undefined,
): Pick<Subject, "ownerId" | "ownerEmail"> {
  return { ownerId: owner?.id ?? null, ownerEmail: owner?.email ?? null };
}
