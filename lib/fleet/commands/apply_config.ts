import type { ConfigResponse } from "../../contracts/agent.ts";
import { DESK_ID, type FleetContext } from "../context.ts";
import type { AgentEntry } from "../registry.ts";
import { accountConfig, agentWorkerConfig, askDesk } from "../wiring.ts";

/** Hands an agent's stored configuration to its desk and its worker, and says when it holds. */
export async function applyConfig(
  context: FleetContext,
  entry: AgentEntry,
): Promise<ConfigResponse["effect"]> {
  const { id } = entry.record;
  if (context.supervisor.status(id) === null) return "stored";
  // The desk's limits hold at once, whatever the agent makes of the rest.
  if (context.supervisor.status(DESK_ID) !== null) {
    await askDesk(context, entry, {
      type: "updateAccount",
      account: accountConfig(entry),
    });
  }
  return await context.supervisor.configure(id, agentWorkerConfig(entry));
}
