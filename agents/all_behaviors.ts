import type { Behavior } from "../actors/behavior.ts";
import type { AgentWorkerConfig } from "../lib/contracts/agent.ts";
import type { AgentType } from "../lib/contracts/agent_config.ts";
import * as trading from "./behaviors.ts";
import { riskManager } from "./risk_manager.ts";

/** The behaviour of an agent type, or null where there is none. */
export function behaviorOf(
  type: AgentType,
): Behavior<AgentWorkerConfig> | null {
  return type === "risk_manager"
    ? riskManager as Behavior<AgentWorkerConfig>
    : trading.behaviorOf(type);
}

/** The behaviour of a name, as recordings and snapshots have it; null where there is none. */
export function behaviorNamed(name: string): Behavior | null {
  return name === riskManager.name
    ? riskManager as Behavior
    : trading.behaviorNamed(name);
}
