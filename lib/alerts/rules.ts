import { reachesSeverity } from "../contracts/alerts/classes.ts";
import type { AlertEvent } from "../contracts/alerts/delivery.ts";
import type { AlertRule } from "../contracts/alerts/rule.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import { isQuiet, quietEnd } from "./quiet_hours.ts";

/** Whether a rule wants an alert at all. */
export function wants(rule: AlertRule, event: AlertEvent): boolean {
  return rule.classes.includes(event.class) &&
    reachesSeverity(event.severity, rule.leastSeverity) &&
    (rule.scope === "all" || event.ownerId === null ||
      event.ownerId === rule.ownerId);
}

/**
 * The channels that an alert goes to, each with the end of the quiet hours that
 * hold it back, or null to send it now. Where several rules lead to one channel
 * it goes there once, and at once if one of them says so.
 */
export function channelsFor(
  event: AlertEvent,
  rules: readonly AlertRule[],
  at: EpochMs,
): ReadonlyMap<string, EpochMs | null> {
  const channels = new Map<string, EpochMs | null>();
  for (const rule of rules) {
    if (!wants(rule, event)) continue;
    const until = heldUntil(rule, event, at);
    for (const id of rule.channelIds) {
      const known = channels.get(id);
      channels.set(
        id,
        known === undefined
          ? until
          : known === null || until === null
          ? null
          : Math.min(known, until),
      );
    }
  }
  return channels;
}

function heldUntil(
  { quietHours }: AlertRule,
  { severity }: AlertEvent,
  at: EpochMs,
): EpochMs | null {
  if (quietHours === null || severity === "critical") return null;
  return isQuiet(at, quietHours) ? quietEnd(at, quietHours) : null;
}
