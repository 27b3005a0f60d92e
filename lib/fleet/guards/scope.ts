import type { AgentConfig } from "../../contracts/agent_config.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import type { GuardAtDesk } from "../../contracts/guard.ts";
import { hedgeSourceOf } from "../../contracts/hedge.ts";
import type { AgentEntry } from "../registry.ts";

type Guarded = Pick<AgentEntry, "record">;

/** Whether an agent is meant to be up. */
export function isMeantToRun({ record: { desired } }: Guarded): boolean {
  return desired === "running" || desired === "paused";
}

/** Whether a risk manager guards an agent: one of its owner that has an account and is meant to run. */
export function isGuarded(guard: Guarded, agent: Guarded): boolean {
  const { ownerId, config: { guard: settings } } = guard.record;
  const { id, config } = agent.record;
  if (!hasAccount(config.type) || agent.record.ownerId !== ownerId) {
    return false;
  }
  if (!isMeantToRun(agent)) return false;
  const scope = settings?.scope ?? { kind: "user" };
  switch (scope.kind) {
    case "user":
      return true;
    case "agents":
      return scope.agentIds.includes(id);
    case "account":
      return config.exchangeKeyId === scope.exchangeKeyId;
  }
}

/** A guarded account as its desk names it. */
export function guardedAccount(
  { record: { id, config } }: Guarded,
): GuardAtDesk["accounts"][number] {
  const hedge = hedgeSourceOf(config);
  return {
    agentId: id,
    market: marketName(config, config.symbol),
    hedgeMarket: hedge === null ? null : marketName(config, hedge.symbol),
    clock: clockOf(config),
  };
}

/** Exchanges share real time, and simulated markets theirs; each file is replayed in a time of its own. */
function clockOf({ feed }: AgentConfig): string {
  return feed.kind === "replay" ? `replay ${feed.file}` : feed.kind;
}

/** The same symbol has other prices elsewhere. */
function marketName({ feed }: AgentConfig, symbol: string): string {
  switch (feed.kind) {
    case "simulated":
      return symbol;
    case "replay":
      return `${symbol} (${feed.file})`;
    case "exchange":
      return `${symbol} (${feed.exchange} ${feed.market})`;
  }
}
