import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import { TEMPLATES } from "../../agents/mod.ts";

/** The configuration of a template with some fields changed. */
export function agentConfig(
  change: Partial<AgentConfigInput> & { name: string },
  templateName?: string,
): AgentConfigInput {
  const template = templateName === undefined
    ? TEMPLATES[0]
    : TEMPLATES.find(({ name }) => name === templateName);
  if (template === undefined) {
    throw new Error(`Unknown template "${templateName}"`);
  }
  return { ...structuredClone(template.config), ...change };
}

/**
 * A configuration whose agent goes on trading whatever the market does. What a
 * simulated market does depends on the day, and a limit that is reached would
 * keep a test waiting for the next trade.
 */
export function tirelessConfig(name: string): AgentConfigInput {
  const config = agentConfig({ name });
  return {
    ...config,
    risk: { ...config.risk, maxDrawdownPct: 50, dailyLossLimit: "10000" },
    safety: { ...config.safety, breakerConsecutiveLosses: 0 },
  };
}
