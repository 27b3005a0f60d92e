import {
  ALERT_CLASS_NAMES,
  ALERT_CLASSES,
  type AlertClass,
} from "../../../contracts/alerts/classes.ts";
import type { AlertRule } from "../../../contracts/alerts/rule.ts";

/** The form of a rule as texts: what it shows, and what was sent. */
export interface RuleFields {
  /** Id of the rule that is changed; empty for a new one. */
  id: string;
  classes: readonly string[];
  channelIds: readonly string[];
  leastSeverity: string;
  scope: string;
  hasQuietHours: boolean;
  from: string;
  to: string;
  timeZone: string;
}

/** Results come often and want nobody to act: they are not chosen beforehand. */
const CHOSEN: readonly AlertClass[] = ALERT_CLASS_NAMES.filter((name) =>
  ALERT_CLASSES[name].group !== "Results"
);

/** A new rule: everything that may want somebody to act, by every channel. */
export function newRuleFields(
  { channelIds, timeZone }: {
    channelIds: readonly string[];
    timeZone: string;
  },
): RuleFields {
  return {
    id: "",
    classes: CHOSEN,
    channelIds,
    leastSeverity: "warning",
    scope: "own",
    hasQuietHours: false,
    from: "22:00",
    to: "07:00",
    timeZone,
  };
}

/** A rule that is changed. */
export function ruleFieldsOf(
  { id, classes, channelIds, leastSeverity, scope, quietHours }: AlertRule,
  { timeZone }: { timeZone: string },
): RuleFields {
  return {
    id,
    classes,
    channelIds,
    leastSeverity,
    scope,
    hasQuietHours: quietHours !== null,
    from: quietHours?.from ?? "22:00",
    to: quietHours?.to ?? "07:00",
    timeZone: quietHours?.timeZone ?? timeZone,
  };
}

/** What a form of a rule says. */
export function readRuleFields(
  field: (name: string) => string,
  channelIds: readonly string[],
): RuleFields {
  const isTicked = (name: string) => field(name) === "on";
  return {
    id: field("rule"),
    classes: ALERT_CLASS_NAMES.filter((name) => isTicked(`class-${name}`)),
    channelIds: channelIds.filter((id) => isTicked(`channel-${id}`)),
    leastSeverity: field("leastSeverity"),
    scope: field("scope") || "own",
    hasQuietHours: isTicked("quiet"),
    from: field("from"),
    to: field("to"),
    timeZone: field("timeZone"),
  };
}

/** The request that they stand for; not checked. */
export function ruleRequestOf(
  { id: _, hasQuietHours, from, to, timeZone, ...fields }: RuleFields,
): unknown {
  return {
    ...fields,
    quietHours: hasQuietHours ? { from, to, timeZone } : null,
  };
}
