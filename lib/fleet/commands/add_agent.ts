import type { AgentRecord } from "../../contracts/agent.ts";
import type { FleetContext } from "../context.ts";
import { hasLivePrices } from "../market_access.ts";
import { publish } from "../publish.ts";
import { type AgentEntry, createEntry, neverStarted } from "../registry.ts";

/** Takes a stored agent that never ran into the fleet; the reconciler starts it. */
export function addAgent(
  context: FleetContext,
  record: AgentRecord,
): AgentEntry {
  const entry = createEntry(record, {
    observed: neverStarted(record.id, record.createdAt),
    equity: [],
    account: null,
    livePrices: hasLivePrices(context.settings, record.config.feed),
  });
  context.agents.add(entry);
  publish(context, entry);
  context.reconcileSoon();
  return entry;
}
