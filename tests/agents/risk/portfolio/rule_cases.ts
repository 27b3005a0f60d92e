/** Rules for tests, and states of a rule after some readings. */
import type { RiskRule } from "../../../../agents/risk/portfolio/rule_check.ts";
import {
  RISK_MEASURES,
  type RiskMeasureName,
} from "../../../../agents/risk/portfolio/rule_measures.ts";
import type { RuleState } from "../../../../agents/risk/portfolio/rule_state.ts";
import { nextRuleState } from "../../../../agents/risk/portfolio/rules.ts";

/** A rule on a measure: release 4, warning 6, limit 10; mirrored where less is worse. */
export function ruleOn(
  measure: RiskMeasureName,
  changes: Partial<RiskRule> = {},
): RiskRule {
  const sign = RISK_MEASURES[measure].worse === "above" ? 1 : -1;
  return {
    id: measure,
    scope: "portfolio",
    measure,
    releaseAt: sign * 4,
    warnAt: sign * 6,
    actAt: sign * 10,
    holdMs: 0,
    action: "reducing",
    isLatched: false,
    haltUnknownAfterMs: null,
    ...changes,
  };
}

/** A value that is worse by as much as it is larger. */
export function reading(measure: RiskMeasureName, value: number): number {
  return RISK_MEASURES[measure].worse === "above" ? value : -value;
}

/** States of a rule after each of some readings a second apart, larger being worse. */
export function run(
  rule: RiskRule,
  values: readonly (number | null)[],
): RuleState[] {
  let state: RuleState = { level: "quiet" };
  return values.map((value, index) => {
    const read = value === null ? null : reading(rule.measure, value);
    return state = nextRuleState(rule, {
      state,
      value: read,
      at: index * 1_000,
    });
  });
}
