import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import type { GuardRules } from "../../lib/contracts/guard_config.ts";
import {
  RISK_MEASURE_NAMES,
  type RiskMeasureName,
} from "../../lib/contracts/risk.ts";
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
export function tirelessConfig(
  name: string,
  templateName?: string,
): AgentConfigInput {
  const config = agentConfig({ name }, templateName);
  return {
    ...config,
    risk: { ...config.risk, maxDrawdownPct: 50, dailyLossLimit: "10000" },
    safety: { ...config.safety, breakerConsecutiveLosses: 0 },
  };
}

/** A rule that any open position, or any loss, breaks. */
const STRICT_RULE = { warning: 0.002, limit: 0.003, release: 0.001 };

/** A risk manager over all agents of its owner, with one rule in force. */
export function guardConfig(
  name: string,
  rule: Partial<GuardRules[RiskMeasureName]> & { measure: RiskMeasureName },
): AgentConfigInput {
  const { measure, ...changes } = rule;
  const off = (measures: readonly string[]) =>
    Object.fromEntries(
      measures.map((measure) => [measure, { enabled: false }]),
    );
  const { type: _type, ...config } = agentConfig({ name });
  return {
    ...config,
    type: "risk_manager",
    guard: {
      rules: {
        ...off(RISK_MEASURE_NAMES),
        [measure]: { ...STRICT_RULE, ...changes },
      },
    } as AgentConfigInput["guard"],
  };
}
