import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { RiskAlert, RiskView } from "../../../lib/contracts/guard.ts";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import { projectRiskReport } from "../../../lib/fleet/guards/risk_reports.ts";
import type { EventDraft, Projection } from "../../../lib/store/port.ts";
import { guardConfig } from "../../support/config.ts";
import { agentEntry } from "../../support/record.ts";

const BREACH: RiskAlert = {
  severity: "error",
  message: "The drawdown is 12 %, and the limit 10 %",
  code: null,
};

/** A risk manager, and what of it is handed to the store; `heldReason` is why the store takes nothing. */
function world(heldReason: string | null) {
  const config = guardConfig("warden", { measure: "drawdown_pct" });
  const entry = agentEntry(config);
  const { id } = entry.record;
  const events: EventDraft[] = [];
  const projections: Projection[] = [];
  const context = {
    clock: createSimulatedClock(),
    agents: { find: (asked: string) => asked === id ? entry : undefined },
    store: {
      events: {
        append: (batch: {
          events?: readonly EventDraft[];
          projections?: readonly Projection[];
        }) => {
          events.push(...batch.events ?? []);
          projections.push(...batch.projections ?? []);
          return Promise.resolve();
        },
      },
    },
    track: () => {},
    publishVolatile: () => {},
    storage: { heldReason },
  } as unknown as FleetContext;
  return {
    entry,
    tell: (alerts: readonly RiskAlert[]) =>
      projectRiskReport(context, id, {
        kind: "risk",
        view: { state: "active" } as RiskView,
        alerts,
      }),
    /** Sentences of what was told, by the kind of event. */
    told: () =>
      events.flatMap((event) =>
        event.type === "system.event" || event.type === "log.added"
          ? [`${event.type}: ${event.data.message}`]
          : []
      ),
    riskStored: () => projections.filter(({ kind }) => kind === "risk").length,
  };
}

Deno.test("projectRiskReport tells an alert also while the store takes nothing, and leaves its figures for later", () => {
  const { entry, tell, told, riskStored } = world("The disk is full");
  tell([BREACH]);
  assert.deepEqual(told(), [
    `system.event: ${BREACH.message}`,
    `log.added: ${BREACH.message}`,
  ]);
  assert.equal(riskStored(), 0);
  assert.equal(entry.riskStoredAt, 0);
  assert.notEqual(entry.risk, null);
  tell([]);
  assert.equal(told().length, 2);
});

Deno.test("projectRiskReport stores the figures with an alert while the store takes them", () => {
  const { tell, told, riskStored } = world(null);
  tell([BREACH]);
  assert.equal(told().length, 2);
  assert.equal(riskStored(), 1);
});
