/**
 * Which stored events are alerts. Pure: an event in, an alert or nothing out.
 *
 * @module
 */
import { VENUE_ALERTS, type VenueAlertCode } from "../contracts/account.ts";
import type { AlertClass, AlertSeverity } from "../contracts/alerts/classes.ts";
import { RELEASE_BEGINS } from "../contracts/emergency.ts";
import type { LogEntry } from "../contracts/log.ts";
import type {
  StreamEnvelope,
  SystemEvent,
  TradeAlert,
} from "../contracts/stream.ts";

/** What an event is an alert of; whose it is is looked up by whoever asks. */
export interface Classified {
  class: AlertClass;
  severity: AlertSeverity;
  agentId: string | null;
  agentName: string | null;
  message: string;
  /** Known where the event itself says it. */
  simulated?: boolean;
  /** The same, of an owner. */
  ownerId?: string;
}

const CLASS_OF_VENUE: Readonly<Record<VenueAlertCode, AlertClass>> = {
  VENUE_AUTH: "venue_trouble",
  VENUE_MAINTENANCE: "venue_trouble",
  VENUE_UNREACHABLE: "venue_trouble",
  ORDER_UNPROVEN: "order_unknown",
  ORDER_ADOPTED: "reconcile_drift",
  POSITION_UNPROTECTED: "venue_trouble",
  POSITION_DRIFT: "reconcile_drift",
  QUIESCE_UNFINISHED: "venue_trouble",
};

/** What an event is an alert of, or null. */
export function classifyEvent(event: StreamEnvelope): Classified | null {
  switch (event.type) {
    case "system.event":
      return ofSystem(event.data);
    case "trade.closed":
      return ofTrade(event.data);
    case "log.added":
      return ofLog(event.data);
    default:
      return null;
  }
}

function ofSystem(event: SystemEvent): Classified | null {
  const { agentId, agentName, message } = event;
  const severity = severityOf(event);
  const about = { agentId, agentName, message };
  switch (event.kind) {
    case "lifecycle":
      return ofLifecycle(event);
    case "risk":
      return { class: "risk_limit", severity, ...about };
    case "venue":
      return { class: venueClass(message), severity, ...about };
    case "feed":
      return { class: "feed_trouble", severity, ...about };
    case "store":
      return { class: "storage_trouble", severity, ...about };
    case "host":
    case "auth":
      return { class: "server_trouble", severity, ...about };
    case "emergency":
      return message.startsWith(RELEASE_BEGINS)
        ? { class: "emergency_released", severity: "warning", ...about }
        : { class: "emergency_stop", severity, ...about };
  }
}

function severityOf({ severity }: SystemEvent): AlertSeverity {
  return severity === "error" ? "critical" : severity;
}

/** Of the many changes of state, those that a person may have to do something about. */
function ofLifecycle(
  { agentId, agentName, message, change }: SystemEvent,
): Classified | null {
  const about = { agentId, agentName, message };
  // A part of the platform that is given up is worse than one agent.
  const isPlatform = agentId === null;
  switch (change?.to) {
    case "quarantined":
    case "killed":
      return {
        class: isPlatform ? "server_trouble" : "agent_quarantined",
        severity: "critical",
        ...about,
      };
    case "backing_off":
      return {
        class: isPlatform ? "server_trouble" : "agent_failed",
        severity: "warning",
        ...about,
      };
    case "degraded":
      return isPlatform
        ? null
        : { class: "agent_degraded", severity: "warning", ...about };
    case "reconciling":
      return isPlatform || change.event !== "dependency_lost"
        ? null
        : { class: "agent_degraded", severity: "warning", ...about };
    default:
      return null;
  }
}

/** A notice of a venue begins with the words of its code, also when it is over. */
function venueClass(message: string): AlertClass {
  const text = message.replace(/^Over: /, "");
  const codes = Object.keys(VENUE_ALERTS) as VenueAlertCode[];
  const code = codes.find((known) => text.startsWith(VENUE_ALERTS[known]));
  return code === undefined ? "venue_trouble" : CLASS_OF_VENUE[code];
}

function ofTrade(
  { agentId, agentName, symbol, simulated, trade }: TradeAlert,
): Classified {
  return {
    class: "trade_closed",
    severity: "info",
    agentId,
    agentName,
    simulated,
    message:
      `${agentName} closed ${trade.direction} ${trade.quantity} ${symbol} at ${trade.exitPrice}: net ${trade.netPnl}`,
  };
}

const STATE_SEVERITIES: Readonly<Record<string, AlertSeverity>> = {
  active: "info",
  reducing: "warning",
  halted: "critical",
};

/** Of log lines only those that no system event tells of. */
function ofLog(
  { agentId, agentName, category, message, data = {} }: LogEntry,
): Classified | null {
  const { backtestId, ownerId } = data;
  if (
    category === "system" && typeof backtestId === "string" &&
    typeof ownerId === "string"
  ) {
    return {
      class: "backtest_finished",
      severity: data["state"] === "failed" ? "warning" : "info",
      agentId: null,
      agentName: null,
      message,
      ownerId,
      simulated: true,
    };
  }
  if (category !== "risk" || agentId === null || !("code" in data)) return null;
  const about = { agentId, agentName, message };
  if (typeof data["intentId"] === "string") {
    return { class: "order_refused", severity: "warning", ...about };
  }
  const to = /^Trading changed from \w+ to (\w+):/.exec(message)?.[1] ?? "";
  const severity = STATE_SEVERITIES[to];
  return severity === undefined
    ? null
    : { class: "trading_state", severity, ...about };
}
