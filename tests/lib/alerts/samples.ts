import type { AlertEvent } from "../../../lib/contracts/alerts/delivery.ts";
import type { AlertRule } from "../../../lib/contracts/alerts/rule.ts";

export const AGENT = `agt_${"1".repeat(26)}`;

export function eventOf(more: Partial<AlertEvent> = {}): AlertEvent {
  const name = more.class ?? "agent_failed";
  return {
    class: name,
    severity: "warning",
    at: 0,
    agentId: AGENT,
    agentName: "one",
    simulated: true,
    message: "one failed: it broke",
    ownerId: "usr_a",
    groupKey: `${name} ${more.agentId ?? AGENT}`,
    ...more,
  };
}

export function ruleOf(more: Partial<AlertRule> = {}): AlertRule {
  return {
    id: "rul_1",
    ownerId: "usr_a",
    classes: ["agent_failed", "agent_quarantined", "storage_trouble"],
    leastSeverity: "info",
    channelIds: ["chn_1"],
    scope: "own",
    quietHours: null,
    createdAt: 0,
    ...more,
  };
}
