import type { FleetSettings } from "../../lib/fleet/context.ts";
import { SIMULATED_HISTORY_MS } from "../../lib/fleet/limits.ts";
import { SIMULATION_SPEED, START_AT } from "./limits.ts";

/** Settings of a simulated platform. */
export function fleetSettings(seed: number): FleetSettings {
  return {
    maxAgentsPerUser: 20,
    maxAgentsPerHost: 50,
    agentStartMs: 15_000,
    agentDeadMs: 4_500,
    agentHeapMiB: 128,
    dataDir: "/data",
    candlesDir: "/candles",
    journalDir: "/journal",
    simulationSpeed: SIMULATION_SPEED,
    simulationSeed: seed,
    isLiveArmed: false,
    keySecretPath: "",
    inference: { runtime: { folder: "", requestPath: null }, modelDirs: [] },
    exchanges: ["binance"],
    exchangeEndpoints: {},
  };
}

/** When the simulated markets of every world began: its first start fixes it. */
export function simulatedGenesis(): number {
  return START_AT - SIMULATED_HISTORY_MS;
}
