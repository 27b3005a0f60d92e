/**
 * Editing of a risk manager's rules. Pure.
 *
 * @module
 */
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../contracts/agent_config.ts";
import {
  type GuardAction,
  guardConfigSchema,
} from "../../contracts/guard_config.ts";
import {
  RISK_MEASURE_NAMES,
  RISK_MEASURES,
  type RiskMeasureName,
} from "../../contracts/risk.ts";

/** Numbers of a rule, in order, with their labels. */
export const RULE_NUMBERS = [
  { key: "warning", label: "Warning" },
  { key: "limit", label: "Limit" },
  { key: "release", label: "Release" },
] as const;

/** Switches of a rule. */
export const RULE_TICKS = [
  { key: "enabled", label: "In force" },
  { key: "latched", label: "Until released" },
  { key: "flatten", label: "Close positions" },
] as const;

/** One rule as it is typed. */
export interface RuleTexts {
  warning: string;
  limit: string;
  release: string;
  action: GuardAction;
  enabled: boolean;
  latched: boolean;
  flatten: boolean;
}

/** The rules of a configuration as texts; the presets where it has none. */
export function guardTexts(
  { guard }: Pick<AgentConfig, "guard">,
): Record<RiskMeasureName, RuleTexts> {
  const { rules } = guard ?? guardConfigSchema.parse({});
  return Object.fromEntries(
    RISK_MEASURE_NAMES.map((measure) => {
      const { warning, limit, release, ...rest } = rules[measure];
      const texts: RuleTexts = {
        ...rest,
        warning: String(warning),
        limit: String(limit),
        release: String(release),
      };
      return [measure, texts];
    }),
  ) as Record<RiskMeasureName, RuleTexts>;
}

/** The configuration with the typed rules, or what is wrong with them, one sentence each. */
export function applyRules(
  config: AgentConfig,
  texts: Readonly<Record<RiskMeasureName, RuleTexts>>,
): { config: AgentConfig } | { errors: readonly string[] } {
  const number = (text: string) =>
    /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
  const rules = Object.fromEntries(
    RISK_MEASURE_NAMES.map((measure) => {
      const { warning, limit, release, ...rest } = texts[measure];
      return [measure, {
        ...rest,
        warning: number(warning),
        limit: number(limit),
        release: number(release),
      }];
    }),
  );
  const guard = config.guard ?? guardConfigSchema.parse({});
  const result = agentConfigSchema.safeParse({
    ...config,
    guard: { ...guard, rules },
  });
  if (result.success) return { config: result.data };
  return {
    errors: result.error.issues.map(({ path, message }) => {
      const [, , measure, field] = path.map(String);
      const label = RISK_MEASURES[measure as RiskMeasureName]?.label ?? measure;
      return `${field} of ${label}: ${message}`;
    }),
  };
}
