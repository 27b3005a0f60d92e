import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { ResourceEstimate } from "../../contracts/agent.ts";
import { AGENT_REGISTRY } from "../../../agents/mod.ts";

/** What an agent will use, from its type and configuration, beside the owner's quota. */
export function estimateResources(
  config: AgentConfig,
  options: {
    agentsUsed: number;
    agentsAllowed: number;
    simulationSpeed: number;
  },
): ResourceEstimate {
  const { agentsUsed, agentsAllowed, simulationSpeed } = options;
  return {
    ...AGENT_REGISTRY[config.type].estimate(config, { simulationSpeed }),
    agentsUsed,
    agentsAllowed,
  };
}
