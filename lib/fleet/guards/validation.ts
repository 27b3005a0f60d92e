/**
 * What the configuration of a risk manager needs beyond its schema.
 *
 * @module
 */
import { portfolioRisk } from "../../../agents/mod.ts";
import type { ConfigWarning } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { TIMEFRAME_MS } from "../../contracts/candle.ts";
import {
  type GuardConfig,
  GUARDED_AGENTS_MAX,
} from "../../contracts/guard_config.ts";
import type { StoredExchangeKey } from "../../contracts/exchange_key.ts";
import type { AgentEntry } from "../registry.ts";

/** What the checks need to know. */
export interface GuardContext {
  /** Other agents of the same owner. */
  siblings: readonly Pick<AgentEntry, "record">[];
  ownerId: string;
  /** The risk manager that is changed; null for a new one. */
  changedId: string | null;
  findExchangeKey(id: string): StoredExchangeKey | null;
}

/** Why a configuration cannot guard; nothing for other types. */
export function findGuardErrors(
  config: AgentConfig,
  context: GuardContext,
): ConfigWarning[] {
  const { guard, type } = config;
  if (hasAccount(type)) {
    return guard === undefined ? [] : [{
      pointer: "/guard",
      code: "GUARD_UNUSED",
      detail: "Only a risk manager guards other agents; remove the block guard",
    }];
  }
  const errors: ConfigWarning[] = [];
  if (config.mode !== "paper") {
    errors.push({
      pointer: "/mode",
      code: "GUARD_TRADES_NOTHING",
      detail:
        "A risk manager places no orders and needs no exchange key; choose paper, it guards live agents all the same",
    });
  }
  if (guard === undefined) return errors;
  return [
    ...errors,
    ...scopeErrors(guard, context),
    ...ruleErrors(guard),
  ];
}

function scopeErrors(
  { scope }: GuardConfig,
  { siblings, ownerId, changedId, findExchangeKey }: GuardContext,
): ConfigWarning[] {
  if (scope.kind === "user") return [];
  if (scope.kind === "account") {
    const view = findExchangeKey(scope.exchangeKeyId)?.view;
    return view?.ownerId === ownerId ? [] : [{
      pointer: "/guard/scope/exchangeKeyId",
      code: "KEY_MISSING",
      detail:
        "You have no exchange key of this id; list yours with: deno task agent keys",
    }];
  }
  const refuse = (code: string, detail: string): ConfigWarning => ({
    pointer: "/guard/scope/agentIds",
    code,
    detail,
  });
  if (scope.agentIds.length === 0) {
    return [refuse(
      "GUARD_SCOPE_EMPTY",
      `Name at least one agent to guard, at most ${GUARDED_AGENTS_MAX}, or choose user for all of yours`,
    )];
  }
  return [...new Set(scope.agentIds)].flatMap((id) => {
    if (id === changedId) {
      return [
        refuse(
          "GUARD_ITSELF",
          "A risk manager cannot guard itself; leave it out",
        ),
      ];
    }
    const found = siblings.find(({ record }) => record.id === id);
    if (found === undefined) {
      return [
        refuse("AGENT_UNKNOWN", `You have no agent "${id}"; leave it out`),
      ];
    }
    const { name, type } = found.record.config;
    return hasAccount(type) ? [] : [refuse(
      "GUARD_OF_GUARD",
      `"${name}" is a risk manager, too, and trades nothing; leave it out`,
    )];
  });
}

/** The order of warning, limit and release of each rule. */
function ruleErrors({ rules }: GuardConfig): ConfigWarning[] {
  return portfolioRisk.RISK_MEASURE_NAMES.flatMap((measure) => {
    const { warning, limit, release, enabled, action, flatten } =
      rules[measure];
    const pointer = `/guard/rules/${measure}`;
    const faults = portfolioRisk.faultsOfRules([{
      id: measure,
      scope: "portfolio",
      measure,
      warnAt: warning,
      actAt: limit,
      releaseAt: release,
      holdMs: 0,
      action,
      isLatched: false,
      haltUnknownAfterMs: null,
    }]).map((detail) => ({ pointer, code: "GUARD_RULE_INVALID", detail }));
    if (!enabled || !flatten || action === "halted") return faults;
    return [...faults, {
      pointer: `${pointer}/flatten`,
      code: "GUARD_FLATTEN_NEEDS_HALT",
      detail:
        `Rule "${measure}" closes positions only when it halts; choose the action halted, or do not close`,
    }];
  });
}

/** What a person should read before a risk manager is spawned. */
export function findGuardWarnings(
  config: AgentConfig,
  { siblings }: Pick<GuardContext, "siblings">,
): ConfigWarning[] {
  const { guard, timeframe } = config;
  if (hasAccount(config.type) || guard === undefined) return [];
  const { scope } = guard;
  const guarded = siblings.filter(({ record }) =>
    hasAccount(record.config.type) &&
    (scope.kind !== "agents" || scope.agentIds.includes(record.id))
  );
  const warnings: ConfigWarning[] = guarded
    .filter(({ record }) =>
      TIMEFRAME_MS[record.config.timeframe] > TIMEFRAME_MS[timeframe]
    )
    .map(({ record: { config: { name, timeframe: own } } }) => ({
      pointer: "/timeframe",
      code: "GUARD_TIMEFRAME_SHORT",
      detail:
        `"${name}" trades on candles of ${own}, so most returns of ${timeframe} are unknown for its market; choose ${own} or longer`,
    }));
  const isOn = Object.values(guard.rules).some(({ enabled }) => enabled);
  if (!isOn) {
    warnings.push({
      pointer: "/guard/rules",
      code: "GUARD_WITHOUT_RULES",
      detail: "No rule is in force: it only watches",
    });
  }
  return warnings;
}
