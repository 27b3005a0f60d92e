/**
 * The stored configuration is what is wanted; the desk and the worker hold
 * copies of it. Either may be starting, or die, at the moment of a change: who
 * changes a configuration tries to hand it over at once, and the reconciler
 * does so for as long as a copy is behind.
 *
 * @module
 */
import { isUp } from "../../actors/mod.ts";
import type { ConfigResponse } from "../contracts/agent.ts";
import { accountConfig } from "./accounts.ts";
import type { FleetContext } from "./context.ts";
import { deskIdOf } from "./desk_ids.ts";
import { askDesk } from "./desks.ts";
import type { AgentEntry } from "./registry.ts";
import { agentWorkerConfig } from "./agent_spec.ts";
import { connectSources } from "./sources/wiring.ts";

/** Tells whether a copy is behind the stored configuration and can be brought up to it now. */
export function isConfigBehind(
  context: FleetContext,
  entry: AgentEntry,
): boolean {
  return isDeskBehind(context, entry) || isWorkerBehind(context, entry);
}

/**
 * Hands an agent's stored configuration to its desk and its worker, as far as
 * they can take it now, and says when it holds.
 *
 * @throws {AppError} as the actors do; the reconciler tries again.
 */
export async function applyConfig(
  context: FleetContext,
  entry: AgentEntry,
): Promise<ConfigResponse["effect"]> {
  const { config, configVersion } = entry.record;
  // The desk's limits hold at once, whatever the agent makes of the rest.
  if (isDeskBehind(context, entry)) {
    await askDesk(context, entry, {
      type: "updateAccount",
      account: accountConfig(context, entry),
    });
    entry.heldConfig.desk = configVersion;
  }
  if (!isWorkerBehind(context, entry)) {
    if (entry.isOpen) connectSources(context, entry);
    return "stored";
  }
  const effect = await context.supervisor.configure(
    entry.record.id,
    agentWorkerConfig(context, entry),
  );
  entry.heldConfig.worker = configVersion;
  if (effect === "applied") entry.workerConfig = config;
  // Last: it answers only links of sources that it knows of.
  if (entry.isOpen) connectSources(context, entry);
  return effect;
}

/** As {@link applyConfig}, for a change that is stored whatever becomes of this: what fails is left to the reconciler. */
export async function applyConfigSoon(
  context: FleetContext,
  entry: AgentEntry,
): Promise<ConfigResponse["effect"]> {
  try {
    return await applyConfig(context, entry);
  } catch {
    context.reconcileSoon();
    return "stored";
  }
}

function isDeskBehind(context: FleetContext, entry: AgentEntry): boolean {
  return entry.isOpen && takesConfig(context, deskIdOf(entry.record.config)) &&
    entry.heldConfig.desk !== entry.record.configVersion;
}

function isWorkerBehind(context: FleetContext, entry: AgentEntry): boolean {
  const { id, configVersion } = entry.record;
  return takesConfig(context, id) && entry.heldConfig.worker !== configVersion;
}

/** Who is up takes a configuration; who starts is given the newest one. */
function takesConfig({ supervisor }: FleetContext, id: string): boolean {
  const status = supervisor.status(id);
  return status !== null && isUp(status.state);
}
