import type { FleetContext } from "../context.ts";

/** What passed between this process and the others since its start. */
export interface HostTraffic {
  /** Agents that it took from another host. */
  takeovers: number;
  /** Agents that it wanted to take and another one had taken before. */
  refusedClaims: number;
  /** How long questions to others took until their answers in the last minutes; null where there were none. */
  mail: { p50Ms: number | null; p99Ms: number | null };
}

/** The figures of this process; null where there are no others. */
export function readTraffic(
  { cluster, calls }: Pick<FleetContext, "cluster" | "calls">,
): HostTraffic | null {
  if (cluster === null || calls === null) return null;
  const recent = calls.roundTrips.figures();
  return {
    ...cluster.claimed,
    mail: {
      p50Ms: recent?.p50Ms ?? null,
      p99Ms: recent?.p99Ms ?? null,
    },
  };
}
