/**
 * Risk rules with hysteresis: a pure state machine that makes the next states of
 * all rules, and what they mean for each scope, of the measures of an
 * assessment. A measure that is unknown counts as a breach. States are plain
 * data.
 *
 * @module
 */
import type { EpochMs } from "../../../lib/contracts/primitives.ts";
import type { RiskRule } from "./rule_check.ts";
import { RISK_MEASURES, type RiskReadings } from "./rule_measures.ts";
import { limitSentence, unknownSentence } from "./rule_sentences.ts";
import {
  activeStanding,
  type ScopeStanding,
  withRule,
} from "./rule_standing.ts";
import type { RuleState, RuleStates } from "./rule_state.ts";

/** All that follows from one assessment. */
export interface RuleVerdict {
  states: RuleStates;
  /** Scopes of the rules, in the order in which they first appear. */
  standings: readonly ScopeStanding[];
}

/** A quiet rule. */
const QUIET: RuleState = { level: "quiet" };

/**
 * The next states and standings. `readingsOf` gives the measures of a scope; an
 * empty object has all of them unknown. `at` never goes back.
 */
export function applyRules(
  { rules, states, at, readingsOf }: {
    rules: readonly RiskRule[];
    states: RuleStates;
    at: EpochMs;
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
    const before = states[id] ?? QUIET;
    const state = value === "waiting"
      ? waitingState(before)
      : nextRuleState(rule, { state: before, value, at });
    next[id] = state;
    const standing = standings.get(scope) ?? activeStanding(scope);
    standings.set(scope, withRule(standing, { rule, state, value, at }));
  }
  return { states: next, standings: [...standings.values()] };
}

/** A reached limit stays reached while nothing can be measured yet; all else is quiet. */
function waitingState(state: RuleState): RuleState {
  return state.level === "acting" && state.cause === "limit" ? state : QUIET;
}

/** State of one rule after a reading; null is unknown, and so is what is not finite. */
export function nextRuleState(
  rule: RiskRule,
  { state, value, at }: {
    state: RuleState;
    value: number | null;
    at: EpochMs;
  },
): RuleState {
  const known = value !== null && Number.isFinite(value) ? value : null;
  const isBreached = known === null ||
    isAt(rule, { value: known, limit: "actAt" });
  if (state.level !== "acting") {
    return isBreached
      ? begin(rule, known, at)
      : calmState(rule, { state, known, at });
  }
  if (known === null) {
    const unknownSince = state.unknownSince ?? at;
    return { ...state, unknownSince };
  }
  const going = { ...state, unknownSince: null };
  if (isBreached) {
    return { ...going, cause: "limit", reason: limitSentence(rule, known) };
  }
  if (isHeld(rule, { state, known, at })) return going;
  return calmState(rule, { state: QUIET, known, at });
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

function begin(
  rule: RiskRule,
  known: number | null,
  at: EpochMs,
): RuleState {
  return {
    level: "acting",
    cause: known === null ? "unknown" : "limit",
    since: at,
    unknownSince: known === null ? at : null,
    reason: known === null ? unknownSentence(rule) : limitSentence(rule, known),
  };
}

/** A rule that does not act: a warning stays until the release level. */
function calmState(
  rule: RiskRule,
  { state, known, at }: { state: RuleState; known: number; at: EpochMs },
): RuleState {
  if (state.level === "warning") return isReleased(rule, known) ? QUIET : state;
  return isAt(rule, { value: known, limit: "warnAt" })
    ? { level: "warning", since: at }
    : QUIET;
}

/** Whether a rule that acts goes on with a measure that is better than its limit. */
function isHeld(
  rule: RiskRule,
  { state, known, at }: {
    state: RuleState & { level: "acting" };
    known: number;
    at: EpochMs;
  },
): boolean {
  if (at - state.since < rule.holdMs) return true;
  if (state.cause === "unknown") return false;
  return rule.isLatched || !isReleased(rule, known);
}
