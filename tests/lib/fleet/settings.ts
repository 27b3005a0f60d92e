import type { FleetSettings } from "../../../lib/fleet/context.ts";

/** Settings of a fleet on paper whose files are all in one folder; an hour of the market passes in six seconds. */
export function fleetSettings(
  dir: string,
  { exchanges }: Pick<FleetSettings, "exchanges">,
): FleetSettings {
  return {
    maxAgentsPerUser: 10,
    maxAgentsPerHost: 100,
    agentStartMs: 30_000,
    agentDeadMs: 4_500,
    agentHeapMiB: 128,
    dataDir: dir,
    candlesDir: dir,
    journalDir: dir,
    simulationSpeed: 600,
    simulationSeed: 1,
    isLiveArmed: false,
    keySecretPath: "",
    inference: { runtime: { folder: "", requestPath: null }, modelDirs: [] },
    exchanges,
    exchangeEndpoints: {},
  };
}
