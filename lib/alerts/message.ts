/**
 * What is sent: the same facts as JSON for programs and as text for people.
 *
 * @module
 */
import { ALERT_CLASSES } from "../contracts/alerts/classes.ts";
import type { AlertDelivery, AlertItem } from "../contracts/alerts/delivery.ts";

/** Version of the body of a webhook. */
export const ALERT_BODY_VERSION = 1;

/** The body of a webhook. It is the same at every attempt. */
export function bodyOf(
  { id, kind, severity, count, items, createdAt }: AlertDelivery,
  { panel }: { panel: string | null },
): string {
  return JSON.stringify({
    v: ALERT_BODY_VERSION,
    id,
    kind,
    severity,
    createdAt: new Date(createdAt).toISOString(),
    count,
    alerts: items.map((item) => ({
      ...item,
      at: new Date(item.at).toISOString(),
      link: linkOf(item, panel),
    })),
  });
}

/** A title and lines for people. Times are in UTC. */
export function textOf(
  delivery: AlertDelivery,
  { panel }: { panel: string | null },
): { title: string; text: string } {
  const { items, count } = delivery;
  const title = titleOf(delivery);
  const lines = items.map((item) =>
    `${timeOf(item)} ${item.severity.toUpperCase()} ${item.message}${
      item.simulated === true ? " (paper)" : ""
    }`
  );
  if (count > items.length) lines.push(`… and ${count - items.length} more`);
  const link = items.length === 1 ? linkOf(items[0]!, panel) : panel;
  if (link !== null) lines.push("", link);
  return { title, text: lines.join("\n") };
}

function titleOf({ kind, severity, count, items }: AlertDelivery): string {
  if (kind === "test") return "SMC Fleet: test of an alert channel";
  if (kind === "digest") {
    return `SMC Fleet: ${count} ${
      count === 1 ? "alert" : "alerts"
    } during quiet hours`;
  }
  const [first] = items;
  const label = first === undefined
    ? "alert"
    : ALERT_CLASSES[first.class].label;
  const about = first?.agentName ?? null;
  return `SMC Fleet ${severity.toUpperCase()}: ${label}${
    about === null ? "" : ` (${about})`
  }${count > 1 ? `, ${count} times` : ""}`;
}

function timeOf({ at }: AlertItem): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function linkOf({ agentId }: AlertItem, panel: string | null): string | null {
  if (panel === null) return null;
  return agentId === null ? panel : `${panel}/agents/${agentId}`;
}
