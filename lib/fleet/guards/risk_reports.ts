import type { RiskReport, RiskResponse } from "../../contracts/guard.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { AppError } from "../../core/errors.ts";
import type { FleetContext } from "../context.ts";
import { RISK_STORE_EVERY_MS } from "../limits.ts";
import { append, publish } from "../publish.ts";
import type { AgentEntry } from "../registry.ts";
import { tellOf } from "../told.ts";

/** A risk manager tells how things stand: into memory at once, into the store now and then, and with every alert. */
export function projectRiskReport(
  context: FleetContext,
  id: string,
  { view, alerts }: RiskReport,
): void {
  const entry = context.agents.find(id);
  if (entry === undefined) return;
  const before = entry.risk;
  const toldAt = context.clock.nowMs();
  const value = { toldAt, view };
  entry.risk = value;
  entry.isDirty = true;
  const isDue = before === null || before.view.state !== view.state ||
    alerts.length > 0 || toldAt - entry.riskStoredAt >= RISK_STORE_EVERY_MS;
  if (isDue && context.storage.heldReason === null) {
    entry.riskStoredAt = toldAt;
    append(context, { projections: [{ kind: "risk", agentId: id, value }] });
  }
  // While the store takes nothing they wait for it: an alert is told only once.
  if (alerts.length === 0) return;
  publish(
    context,
    entry,
    alerts.flatMap(({ severity, message }) =>
      tellOf(context, entry, {
        kind: "risk",
        category: "risk",
        severity,
        message,
      })
    ),
  );
}

/** What a risk manager knows, with the names of those it guards. */
export function readRisk(
  context: FleetContext,
  entry: AgentEntry,
): RiskResponse {
  const { name, type } = entry.record.config;
  if (hasAccount(type)) {
    throw new AppError(
      "RISK_NOT_ASSESSED",
      `"${name}" is no risk manager; ask for the risk of one that guards it`,
      { status: 409 },
    );
  }
  return {
    agentId: entry.record.id,
    toldAt: entry.risk?.toldAt ?? null,
    guarded: context.guards.guardedBy(entry).map(({ record }) => ({
      agentId: record.id,
      name: record.config.name,
      mode: record.config.mode,
    })),
    risk: entry.risk?.view ?? null,
  };
}
