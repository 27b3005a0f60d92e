import type { AgentOwner } from "../../contracts/host.ts";
import { adopt } from "../commands/doubt.ts";
import type { FleetContext } from "../context.ts";
import { recoverAgent } from "../recovery.ts";

/**
 * Brings an agent that this host owns now into its fleet, as at a start: the
 * order journal first, which another host may have written last, then what the
 * store knows. The reconciler starts it.
 */
export async function takeIn(
  context: FleetContext,
  { agentId, epoch, from, hostId }: AgentOwner,
  selfId: string,
): Promise<void> {
  const isFromHere = from === selfId;
  await context.mirror?.resume(agentId, { epoch, isFromHere });
  const record = await context.store.agents.get(agentId);
  // Removed meanwhile.
  if (record === null) return;
  const entry = await recoverAgent(context, record);
  entry.hostId = hostId;
  context.agents.add(entry);
  context.reconcileSoon();
  // A wish that another process stored while nobody owned it, and that this one was too early for.
  await takeWish(context, agentId);
}

/** Takes over what another process has stored of an own agent. */
export async function takeWish(
  context: FleetContext,
  agentId: string,
): Promise<void> {
  const entry = context.agents.find(agentId);
  if (entry?.isOwn !== true) return;
  const stored = await context.store.agents.get(agentId);
  if (stored === null || entry.unstored.length > 0) return;
  if (stored.commandId !== entry.record.commandId) {
    await adopt(context, entry, stored);
  }
}
