import type { AgentOwner } from "../../contracts/host.ts";
import type { FleetContext } from "../context.ts";
import { recoverAgent } from "../recovery.ts";

/**
 * Brings an agent that this host owns now into its fleet, as at a start: the
 * order journal first, which another host may have written last, then what the
 * store knows. The reconciler starts it. `settle` tells the other hosts that the
 * journal is here; where that fails, nothing has begun and it may be repeated.
 */
export async function takeIn(
  context: FleetContext,
  owner: AgentOwner,
  settle: (agentId: string) => Promise<boolean>,
): Promise<void> {
  const { agentId, hostId } = owner;
  if (await isNewerInMirror(context, owner)) {
    await context.mirror?.restore(agentId);
    // From here on the journal on this disk is the one that counts; until then the next try fetches it again.
    if (!await settle(agentId)) return;
  }
  const record = await context.store.agents.get(agentId);
  // Removed meanwhile.
  if (record === null) return;
  const entry = await recoverAgent(context, record);
  entry.hostId = hostId;
  context.agents.add(entry);
  context.reconcileSoon();
}

/** What this host wrote itself is at least as new as what it copied away, if its disk still has it. */
async function isNewerInMirror(
  { mirror }: FleetContext,
  { agentId, from, hostId }: AgentOwner,
): Promise<boolean> {
  if (mirror === null || from === null) return false;
  return from !== hostId || !await mirror.holds(agentId);
}
