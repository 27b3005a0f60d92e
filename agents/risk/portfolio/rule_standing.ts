/**
 * What the states of rules mean for their scope.
 *
 * @module
 */
import type { TradingState } from "../../../lib/contracts/lifecycle.ts";
import type { EpochMs } from "../../../lib/contracts/primitives.ts";
import type { RiskRule } from "./rule_check.ts";
import { RISK_MEASURES, type RiskRuleCode } from "./rule_measures.ts";
import { warningSentence } from "./rule_sentences.ts";
import type { RuleState } from "./rule_state.ts";

/** A rule that warns or acts. */
export interface RuleFinding {
  ruleId: string;
  code: RiskRuleCode;
  reason: string;
}

/** A rule that acts, with what it makes of its scope. */
export interface ActingRule extends RuleFinding {
  state: TradingState;
}

/** What the rules make of one scope. */
export interface ScopeStanding {
  scope: string;
  state: TradingState;
  /** Of the gravest rule that acts, the first of several; null while active. */
  code: RiskRuleCode | null;
  reason: string | null;
  acting: readonly ActingRule[];
  warnings: readonly RuleFinding[];
  /** Rules that only a person releases. */
  latched: readonly string[];
}

/** The standing of a scope before any rule. */
export function activeStanding(scope: string): ScopeStanding {
  return {
    scope,
    state: "active",
    code: null,
    reason: null,
    acting: [],
    warnings: [],
    latched: [],
  };
}

const GRAVITY: Record<TradingState, number> = {
  active: 0,
  reducing: 1,
  halted: 2,
};

/** The graver of two trading states. */
export function graverState(a: TradingState, b: TradingState): TradingState {
  return GRAVITY[a] >= GRAVITY[b] ? a : b;
}

/** What a rule that acts makes of its scope. What is unknown reduces at first, whatever the action. */
function stateOf(
  rule: RiskRule,
  { state, at }: { state: RuleState & { level: "acting" }; at: EpochMs },
): TradingState {
  if (rule.action === "alert") return "active";
  const isLongUnknown = rule.haltUnknownAfterMs !== null &&
    state.unknownSince !== null &&
    at - state.unknownSince >= rule.haltUnknownAfterMs;
  if (isLongUnknown) return "halted";
  return state.cause === "unknown" ? "reducing" : rule.action;
}

/** The standing of a scope with one rule more. */
export function withRule(
  standing: ScopeStanding,
  { rule, state, value, at }: {
    rule: RiskRule;
    state: RuleState;
    value: number | "waiting" | null;
    at: EpochMs;
  },
): ScopeStanding {
  if (state.level === "quiet") return standing;
  const { code } = RISK_MEASURES[rule.measure];
  if (state.level === "warning") {
    const finding = {
      ruleId: rule.id,
      code,
      reason: warningSentence(rule, Number(value)),
    };
    return { ...standing, warnings: [...standing.warnings, finding] };
  }
  const { reason } = state;
  const found = state.cause === "unknown" ? "RISK_UNKNOWN" : code;
  const own = stateOf(rule, { state, at });
  const isGraver = GRAVITY[own] > GRAVITY[standing.state];
  const isLatched = rule.isLatched && state.cause === "limit";
  return {
    ...standing,
    ...(isGraver ? { state: own, code: found, reason } : {}),
    acting: [...standing.acting, {
      ruleId: rule.id,
      code: found,
      reason,
      state: own,
    }],
    latched: isLatched ? [...standing.latched, rule.id] : standing.latched,
  };
}
