/**
 * Start and end of a risk manager. It has no account, no candles and no orders:
 * there is nothing to open and nothing to settle.
 *
 * @module
 */
import type { FleetContext } from "../context.ts";
import { publish } from "../publish.ts";
import type { AgentEntry } from "../registry.ts";
import { agentSpec } from "../agent_spec.ts";

/** Starts a risk manager; its links follow. */
export async function startGuard(
  context: FleetContext,
  entry: AgentEntry,
  options: { paused: boolean },
): Promise<void> {
  entry.needsSettling = false;
  const lastEpoch = entry.observed.epoch;
  await context.supervisor.start(
    agentSpec(context, entry, { ...options, lastEpoch }),
  );
  context.guards.look();
}

/** Ends a risk manager that runs; the desks let go what it did not latch. */
export async function stopGuard(
  context: FleetContext,
  entry: AgentEntry,
): Promise<void> {
  const { id, desiredReason } = entry.record;
  await context.supervisor.stop(id, { reason: desiredReason, mode: "stop" });
  context.guards.disconnect(id);
  await context.supervisor.remove(id);
  context.guards.look();
  settleGuard(context, entry);
}

/** Nothing of it is left to be settled. */
export function settleGuard(context: FleetContext, entry: AgentEntry): void {
  entry.needsSettling = false;
  const { desired, commandId } = entry.record;
  if (desired === "stopped" || desired === "retired") {
    entry.observed = { ...entry.observed, settledFor: commandId };
  }
  publish(context, entry);
}
