import type {
  GuardConfig,
  GuardRules,
} from "../../lib/contracts/guard_config.ts";
import type { RiskRule } from "../risk/portfolio/rule_check.ts";
import {
  RISK_MEASURE_NAMES,
  type RiskMeasureName,
} from "../risk/portfolio/rule_measures.ts";

/** The one scope of a risk manager's rules. */
export const SCOPE = "portfolio";

/** Settings of one rule. */
export type GuardRule = GuardRules[RiskMeasureName];

/**
 * The rules of a configuration that are in force. Each has its measure's name.
 * They are without a latch: what a person must release is kept beside them, so
 * that it outlives a change of the rules.
 */
export function rulesOf(config: GuardConfig): RiskRule[] {
  return RISK_MEASURE_NAMES
    .filter((measure) => config.rules[measure].enabled)
    .map((measure) => ruleOf(measure, config));
}

/** One rule of a configuration, in force or not. */
export function ruleOf(
  measure: RiskMeasureName,
  { rules, haltAfterSeconds }: GuardConfig,
): RiskRule {
  const { warning, limit, release, action } = rules[measure];
  return {
    id: measure,
    scope: SCOPE,
    measure,
    warnAt: warning,
    actAt: limit,
    releaseAt: release,
    holdMs: 0,
    action,
    isLatched: false,
    haltUnknownAfterMs: haltAfterSeconds * 1_000,
  };
}
