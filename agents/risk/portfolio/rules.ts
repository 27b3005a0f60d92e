/**
 * Risk rules with hysteresis: a pure state machine that makes the next states of
 * all rules, and what they mean for each scope, of the measures of an
 * assessment. A measure that is unknown counts as a breach. States are plain
 * data.
 *
 * @module
 */
import type { TradingState } from "../../../lib/contracts/lifecycle.ts";
import type { RiskRule } from "./rule_check.ts";
import {
  RISK_MEASURES,
  type RiskReadings,
  type RiskRuleCode,
} from "./rule_measures.ts";
import {
  limitSentence,
  unknownSentence,
  warningSentence,
} from "./rule_sentences.ts";

/** State of one rule. */
export type RuleState =
  | { level: "quiet" }
  | { level: "warning" }
  | {
    level: "acting";
    /** `unknown` while the limit itself was not seen to be reached: it ends when the measure is known and better than the limit. */
    cause: "limit" | "unknown";
    /** Assessments that it has acted for, this one included. */
    assessments: number;
    /** Newest of them in a row with an unknown measure. */
    unknown: number;
    reason: string;
  };

/** States of a set of rules by their ids. A rule without one is quiet. */
export type RuleStates = Readonly<Record<string, RuleState>>;

/** A rule that warns or acts. */
export interface RuleFinding {
  ruleId: string;
  code: RiskRuleCode;
  reason: string;
}

/** What the rules make of one scope. */
export interface ScopeStanding {
  scope: string;
  state: TradingState;
  /** Of the gravest rule that acts, the first of several; null while active. */
  code: RiskRuleCode | null;
  reason: string | null;
  acting: readonly RuleFinding[];
  warnings: readonly RuleFinding[];
  /** Rules that only a person releases. */
  latched: readonly string[];
}

/** All that follows from one assessment. */
export interface RuleVerdict {
  states: RuleStates;
  /** Scopes of the rules, in the order in which they first appear. */
  standings: readonly ScopeStanding[];
}

/** A quiet rule. */
const QUIET: RuleState = { level: "quiet" };

/** The next states and standings. `readingsOf` gives the measures of a scope; an empty object has all of them unknown. */
export function applyRules(
  { rules, states, readingsOf }: {
    rules: readonly RiskRule[];
    states: RuleStates;
    readingsOf: (scope: string) => RiskReadings;
  },
): RuleVerdict {
  const next: Record<string, RuleState> = {};
  const standings = new Map<string, ScopeStanding>();
  const readings = new Map<string, RiskReadings>();
  for (const rule of rules) {
    const { id, scope } = rule;
    if (!readings.has(scope)) readings.set(scope, readingsOf(scope));
    const value = readings.get(scope)![rule.measure] ?? null;
    const state = nextRuleState(rule, { state: states[id] ?? QUIET, value });
    next[id] = state;
    const standing = standings.get(scope) ?? activeStanding(scope);
    standings.set(scope, withRule(standing, { rule, state, value }));
  }
  return { states: next, standings: [...standings.values()] };
}

/** State of one rule after a reading; null is unknown, and so is what is not finite. */
export function nextRuleState(
  rule: RiskRule,
  { state, value }: { state: RuleState; value: number | null },
): RuleState {
  const known = value !== null && Number.isFinite(value) ? value : null;
  const isBreached = known === null ||
    isAt(rule, { value: known, limit: "actAt" });
  if (state.level !== "acting") {
    return isBreached ? begin(rule, known) : calmState(rule, { state, known });
  }
  const going = {
    ...state,
    assessments: state.assessments + 1,
    unknown: known === null ? state.unknown + 1 : 0,
  };
  if (known === null) {
    return state.cause === "limit"
      ? going
      : { ...going, reason: unknownSentence(rule, going.unknown) };
  }
  if (isBreached) {
    return { ...going, cause: "limit", reason: limitSentence(rule, known) };
  }
  if (isHeld(rule, { state, known })) return going;
  return calmState(rule, { state: QUIET, known });
}

/** Result of a person's release. */
export type Release =
  | { ok: true; states: RuleStates; note: string }
  | { ok: false; reason: string };

/**
 * A person lets go a rule that acts, latched or not. If the next assessment finds
 * its limit reached, it acts again at once. A quiet rule is not released: that
 * would be a mistake about which rule it is.
 */
export function releaseRule(
  { rules, states, ruleId, person }: {
    rules: readonly RiskRule[];
    states: RuleStates;
    ruleId: string;
    person: string;
  },
): Release {
  const rule = rules.find(({ id }) => id === ruleId);
  if (rule === undefined) {
    return { ok: false, reason: `There is no risk rule "${ruleId}"` };
  }
  const state = states[ruleId] ?? QUIET;
  if (state.level !== "acting") {
    return { ok: false, reason: `Risk rule "${ruleId}" does not act now` };
  }
  if (person.trim() === "") {
    return {
      ok: false,
      reason: `Say who releases the risk rule "${ruleId}"`,
    };
  }
  return {
    ok: true,
    states: { ...states, [ruleId]: QUIET },
    note:
      `${person.trim()} released the risk rule "${ruleId}": ${state.reason}`,
  };
}

/** Whether a value is at a limit or beyond. */
function isAt(
  rule: RiskRule,
  { value, limit }: { value: number; limit: "warnAt" | "actAt" },
): boolean {
  return RISK_MEASURES[rule.measure].worse === "above"
    ? value >= rule[limit]
    : value <= rule[limit];
}

/** Whether a value is back at the release level or better. */
function isReleased(rule: RiskRule, value: number): boolean {
  return RISK_MEASURES[rule.measure].worse === "above"
    ? value <= rule.releaseAt
    : value >= rule.releaseAt;
}

function begin(rule: RiskRule, known: number | null): RuleState {
  return {
    level: "acting",
    cause: known === null ? "unknown" : "limit",
    assessments: 1,
    unknown: known === null ? 1 : 0,
    reason: known === null
      ? unknownSentence(rule, 1)
      : limitSentence(rule, known),
  };
}

/** A rule that does not act: a warning stays until the release level. */
function calmState(
  rule: RiskRule,
  { state, known }: { state: RuleState; known: number | null },
): RuleState {
  if (known === null) return state;
  if (isAt(rule, { value: known, limit: "warnAt" })) {
    return { level: "warning" };
  }
  return state.level === "warning" && !isReleased(rule, known) ? state : QUIET;
}

/** Whether a rule that acts goes on with a measure that is better than its limit. */
function isHeld(
  rule: RiskRule,
  { state, known }: {
    state: RuleState & { level: "acting" };
    known: number;
  },
): boolean {
  if (state.assessments < rule.holdAssessments) return true;
  if (state.cause === "unknown") return false;
  return rule.isLatched || !isReleased(rule, known);
}

function activeStanding(scope: string): ScopeStanding {
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

/** The standing of a scope with one rule more. */
function withRule(
  standing: ScopeStanding,
  { rule, state, value }: {
    rule: RiskRule;
    state: RuleState;
    value: number | null;
  },
): ScopeStanding {
  if (state.level === "quiet") return standing;
  const { code } = RISK_MEASURES[rule.measure];
  if (state.level === "warning") {
    const finding = {
      ruleId: rule.id,
      code,
      reason: warningSentence(rule, value!),
    };
    return { ...standing, warnings: [...standing.warnings, finding] };
  }
  const { reason } = state;
  const found = state.cause === "unknown" ? "RISK_UNKNOWN" : code;
  const isHalting = rule.action === "halted" ||
    (rule.haltUnknownAfter !== null && state.unknown >= rule.haltUnknownAfter);
  const own = isHalting ? "halted" : "reducing";
  const isGraver = GRAVITY[own] > GRAVITY[standing.state];
  const isLatched = rule.isLatched && state.cause === "limit";
  return {
    ...standing,
    ...(isGraver ? { state: own, code: found, reason } : {}),
    acting: [...standing.acting, { ruleId: rule.id, code: found, reason }],
    latched: isLatched ? [...standing.latched, rule.id] : standing.latched,
  };
}
