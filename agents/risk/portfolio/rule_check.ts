/**
 * A set of risk rules as a person or a configuration gives it, checked.
 *
 * @module
 */
import { RULES_LIMIT } from "./limits.ts";
import { RISK_MEASURES, type RiskMeasureName } from "./rule_measures.ts";

/**
 * One rule: it warns from `warnAt` on, acts from `actAt` on, and lets go when
 * the measure is back at `releaseAt`, so that it does not flap in between.
 */
export interface RiskRule {
  /** Unlike that of any other rule of the set. */
  id: string;
  /** What it stops: the portfolio, an agent, a market; the rules give it no meaning. */
  scope: string;
  measure: RiskMeasureName;
  /** Better than `actAt`, or equal. */
  warnAt: number;
  actAt: number;
  /** Better than `warnAt`. */
  releaseAt: number;
  /** How long it acts at least. */
  holdMs: number;
  /** What it makes of its scope when it acts; `alert` only tells. */
  action: "alert" | "reducing" | "halted";
  /** Once its limit was reached it acts until a person releases it. */
  isLatched: boolean;
  /** Time with an unknown measure after which it halts, unless it only tells; null for never. Until then it reduces. */
  haltUnknownAfterMs: number | null;
}

/** Why a set of rules cannot be used: one sentence for each fault, empty if it can. */
export function faultsOfRules(rules: readonly RiskRule[]): string[] {
  const faults: string[] = [];
  if (rules.length > RULES_LIMIT) {
    faults.push(
      `${rules.length} rules are more than the ${RULES_LIMIT} of a set`,
    );
  }
  const ids = new Set<string>();
  for (const rule of rules) {
    if (ids.has(rule.id)) faults.push(`Two rules have the id "${rule.id}"`);
    ids.add(rule.id);
    const fault = faultOfRule(rule);
    if (fault !== null) faults.push(`Rule "${rule.id}": ${fault}`);
  }
  return faults;
}

function faultOfRule(rule: RiskRule): string | null {
  if (!Object.hasOwn(RISK_MEASURES, rule.measure)) {
    return `there is no measure "${rule.measure}"`;
  }
  const { warnAt, actAt, releaseAt, holdMs, haltUnknownAfterMs } = rule;
  if (![warnAt, actAt, releaseAt].every(Number.isFinite)) {
    return "its limits must be finite numbers";
  }
  if (!isDuration(holdMs)) return "it must hold for 0 ms or longer";
  if (haltUnknownAfterMs !== null && !isDuration(haltUnknownAfterMs)) {
    return "it may halt after 0 ms or longer without its measure, or never";
  }
  const isAbove = RISK_MEASURES[rule.measure].worse === "above";
  const isOrdered = isAbove
    ? releaseAt < warnAt && warnAt <= actAt
    : releaseAt > warnAt && warnAt >= actAt;
  if (isOrdered) return null;
  return isAbove
    ? "its release must be below its warning, and that not above its limit"
    : "its release must be above its warning, and that not below its limit";
}

function isDuration(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
