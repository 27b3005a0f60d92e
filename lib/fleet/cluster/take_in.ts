import type { AgentOwner } from "../../contracts/host.ts";
import { takeStored } from "../commands/doubt.ts";
import type { FleetContext } from "../context.ts";
import { recoverAgent } from "../recovery.ts";

/**
 * Brings an agent that this host owns now into its fleet, as at a start: the
 * order journal first, which another host may have written last, then what the
 * store knows. The reconciler starts it.
 *
 * @returns false where it is not stored: it was removed, or its spawn failed.
 */
export async function takeIn(
  context: FleetContext,
  { agentId, epoch, from, hostId }: AgentOwner,
  selfId: string,
): Promise<boolean> {
  // A journal that is of nobody is not begun.
  if (await context.store.agents.get(agentId) === null) return false;
  const isFromHere = from === selfId;
  await context.mirror?.resume(agentId, { epoch, isFromHere });
  const record = await context.store.agents.get(agentId);
  if (record === null) return false;
  const entry = await recoverAgent(context, record);
  entry.hostId = hostId;
  context.agents.add(entry);
  context.reconcileSoon();
  // A wish that another process stored while nobody owned it, and that this one was too early for.
  await takeStored(context, [agentId]);
  return true;
}
