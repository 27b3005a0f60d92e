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
