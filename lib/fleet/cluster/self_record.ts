/** What a process tells the others of itself. */
import type { FleetRole, HostRecord } from "../../contracts/host.ts";
import type { FleetContext } from "../context.ts";
import { NOTHING_TOLD } from "../emergency/merge_states.ts";

/** What this process is. */
export interface SelfHost {
  id: string;
  role: FleetRole;
  version: string;
  exchanges: readonly string[];
}

/** A new start, which has not given a sign of life yet. */
export function recordOf(
  { clock, ids, settings }: FleetContext,
  self: SelfHost,
): HostRecord {
  const now = clock.nowMs();
  return {
    ...self,
    session: ids("boot"),
    startedAt: now,
    beat: 0,
    at: now,
    agents: 0,
    capacity: settings.maxAgentsPerHost,
    isLiveArmed: settings.isLiveArmed,
    isDraining: false,
    emergency: NOTHING_TOLD,
  };
}
