import type { RiskAlert } from "../../lib/contracts/guard.ts";
import { RISK_MEASURES } from "../risk/portfolio/rule_measures.ts";
import type {
  ActingRule,
  RuleFinding,
} from "../risk/portfolio/rule_standing.ts";
import type { RuleStates } from "../risk/portfolio/rule_state.ts";
import type { MissingData } from "./guard_verdict.ts";
import { ALERTS_MAX } from "./limits.ts";

/** What the judgement was at a moment, as far as people hear of it. */
export interface Judged {
  rules: RuleStates;
  acting: readonly ActingRule[];
  warnings: readonly RuleFinding[];
  latched: readonly string[];
  missing: MissingData | null;
}

/** What a person should hear of between two judgements; at most `ALERTS_MAX`, the gravest first. */
export function alertsBetween(before: Judged, after: Judged): RiskAlert[] {
  const alerts: RiskAlert[] = [
    ...missingAlerts(before.missing, after.missing),
    ...after.acting
      .filter(({ ruleId }) => before.rules[ruleId]?.level !== "acting")
      .map(actingAlert),
    ...after.warnings
      .filter(({ ruleId }) => isCalm(before.rules, ruleId))
      .map(({ code, reason }): RiskAlert => ({
        severity: "warning",
        code,
        message: reason,
      })),
    ...Object.keys(before.rules)
      .filter((ruleId) =>
        before.rules[ruleId]!.level === "acting" &&
        after.rules[ruleId]?.level !== "acting"
      )
      .map((ruleId) => endAlert(ruleId, after.latched.includes(ruleId))),
  ];
  const gravity = { error: 0, warning: 1, info: 2 };
  return alerts.sort((a, b) => gravity[a.severity] - gravity[b.severity])
    .slice(0, ALERTS_MAX);
}

function missingAlerts(
  before: MissingData | null,
  after: MissingData | null,
): RiskAlert[] {
  if (after !== null && before === null) {
    return [{
      severity: "error",
      code: "RISK_DATA_MISSING",
      message: `Data are missing, so only exits pass: ${after.sentences[0]}`,
    }];
  }
  return before !== null && after === null
    ? [{ severity: "info", code: null, message: "All data are known again" }]
    : [];
}

function actingAlert({ code, reason, state }: ActingRule): RiskAlert {
  return {
    severity: state === "active" ? "warning" : "error",
    code,
    message: state === "active" ? reason : `Trading is ${state}: ${reason}`,
  };
}

function isCalm(rules: RuleStates, ruleId: string): boolean {
  const level = rules[ruleId]?.level ?? "quiet";
  return level === "quiet";
}

function endAlert(ruleId: string, isLatched: boolean): RiskAlert {
  const label = (RISK_MEASURES as Readonly<Record<string, { label: string }>>)[
    ruleId
  ]?.label ?? ruleId;
  return {
    severity: "info",
    code: null,
    message: isLatched
      ? `The ${label} is back at its release level; a person must still release it`
      : `The ${label} is back at its release level`,
  };
}
