/**
 * Rules: what somebody wants to hear of, how, and when not.
 *
 * @module
 */
import * as z from "zod";
import type { EpochMs } from "../primitives.ts";
import { isTimeZone } from "../preference_values.ts";
import { ALERT_CLASS_NAMES, ALERT_SEVERITIES } from "./classes.ts";

/** Of whose agents a rule tells. */
export const RULE_SCOPES = ["own", "all"] as const;

const timeOfDay = z.string().regex(
  /^([01]\d|2[0-3]):[0-5]\d$/,
  "Enter a time such as 22:00",
);

/** From one time of day up to another, every day, in a time zone; over midnight where the end is earlier. */
export const quietHoursSchema = z.strictObject({
  from: timeOfDay,
  to: timeOfDay,
  timeZone: z.string().refine(
    isTimeZone,
    "Choose a time zone such as Europe/Berlin or UTC",
  ),
}).refine(({ from, to }) => from !== to, {
  path: ["to"],
  error: "The end must differ from the start",
});
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** `POST /api/alerts/rules` and `PUT /api/alerts/rules/{rule}`. */
export const ruleRequestSchema = z.strictObject({
  classes: z.array(z.enum(ALERT_CLASS_NAMES)).min(
    1,
    "Choose at least one kind of event",
  ).max(ALERT_CLASS_NAMES.length),
  leastSeverity: z.enum(ALERT_SEVERITIES),
  /** Ids of the person's own channels. */
  channelIds: z.array(z.string().max(40)).min(1, "Choose at least one channel")
    .max(10),
  /** `own`: of one's own agents and account, and of the server; `all`: of everybody's, for admins. */
  scope: z.enum(RULE_SCOPES),
  quietHours: quietHoursSchema.nullable(),
});
export type RuleRequest = z.infer<typeof ruleRequestSchema>;

/** A rule as it is stored and shown. */
export interface AlertRule extends RuleRequest {
  id: string;
  ownerId: string;
  createdAt: EpochMs;
}
