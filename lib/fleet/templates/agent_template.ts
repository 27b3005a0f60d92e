import type { AgentConfig } from "../../contracts/agent_config.ts";
import { sharedConfig } from "../../contracts/shared_config.ts";
import type { AgentTemplate } from "../../contracts/template.ts";

/**
 * The configuration of an agent as a template of its own, to be shared. What is
 * known of the agent's results stays with the agent: a template that nobody has
 * tested says so.
 */
export function templateOfAgent(
  { name: agentName, ...config }: AgentConfig,
  name: string,
): AgentTemplate {
  const strategies = Object.entries(config.strategies)
    .filter(([, { enabled }]) => enabled).map(([key]) => key);
  return {
    name,
    title: agentName,
    version: 1,
    origin: "imported",
    type: config.type,
    purpose: `The configuration of the agent "${agentName}".`,
    whenItWorks: "Nobody has said yet.",
    risk: "Not tested as a template: run a backtest before it trades.",
    patterns: strategies,
    riskLevel: config.risk.riskLevel,
    typicalLatency: "Not measured",
    config: sharedConfig(config),
    results: [],
  };
}
