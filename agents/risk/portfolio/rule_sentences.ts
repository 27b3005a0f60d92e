import type { RiskRule } from "./rule_check.ts";
import { RISK_MEASURES } from "./rule_measures.ts";

/** A number for a sentence. */
function figure(rule: RiskRule, value: number): string {
  const { unit } = RISK_MEASURES[rule.measure];
  const text = String(Number(value.toFixed(4)));
  return unit === "" ? text : `${text} ${unit}`;
}

/** Why a rule acts. */
export function limitSentence(rule: RiskRule, value: number): string {
  const { label } = RISK_MEASURES[rule.measure];
  const end = rule.isLatched
    ? "a person must release it"
    : `it ends at ${figure(rule, rule.releaseAt)}`;
  return `The ${label} is ${figure(rule, value)}, the limit is ${
    figure(rule, rule.actAt)
  }; ${end}`;
}

/** Why a rule warns. */
export function warningSentence(rule: RiskRule, value: number): string {
  const { label } = RISK_MEASURES[rule.measure];
  return `The ${label} is ${figure(rule, value)}, the warning begins at ${
    figure(rule, rule.warnAt)
  } and the limit is ${figure(rule, rule.actAt)}`;
}

/** Why a rule acts although nothing was measured. */
export function unknownSentence(rule: RiskRule): string {
  const { label } = RISK_MEASURES[rule.measure];
  return `The ${label} is unknown, which counts as its limit reached`;
}
