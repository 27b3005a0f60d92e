import type { AgentOwner, HostRecord } from "../../../lib/contracts/host.ts";
import { NOTHING_TOLD } from "../../../lib/fleet/emergency/merge_states.ts";

/** A start of a host that may run agents. */
export function hostOf(id: string, session: string): HostRecord {
  return {
    id,
    session,
    role: "host",
    version: "test",
    startedAt: 0,
    beat: 0,
    at: 0,
    agents: 0,
    capacity: 10,
    exchanges: [],
    isLiveArmed: false,
    isDraining: false,
    emergency: NOTHING_TOLD,
  };
}

/** That a start of a host owns an agent. */
export function ownerOf(
  hostId: string,
  session: string,
  { agentId = "agt_1", epoch = 1 }: { agentId?: string; epoch?: number } = {},
): AgentOwner {
  return { agentId, hostId, session, epoch, from: null, at: 0 };
}
