import { WATCH_STALL_MS } from "../../actors/limits.ts";
import type { InferenceWorkerConfig } from "../contracts/inference.ts";
import type { Env } from "../core/env.ts";
import type { FleetSettings } from "../fleet/context.ts";
import type { MarketAccess } from "../fleet/market_access.ts";
import { candlesDirOf, journalDirOf, keySecretPathOf } from "./data_paths.ts";

/** Settings of the fleet from the environment. */
export function fleetSettings(
  env: Env,
  { access, inference }: {
    access: MarketAccess;
    inference: InferenceWorkerConfig;
  },
): FleetSettings {
  return {
    maxAgentsPerUser: env.MAX_AGENTS_PER_USER,
    maxAgentsPerHost: env.MAX_AGENTS_PER_HOST,
    agentStartMs: env.DEFAULT_AGENT_TIMEOUT,
    // A watch trusts its timer only so far.
    agentDeadMs: env.AGENT_HEALTH_CHECK_INTERVAL - WATCH_STALL_MS,
    agentHeapMiB: env.AGENT_HEAP_MIB,
    dataDir: env.DATA_DIR,
    candlesDir: candlesDirOf(env),
    journalDir: journalDirOf(env),
    simulationSpeed: env.SIMULATION_SPEED,
    simulationSeed: env.SIMULATION_SEED,
    isLiveArmed: env.TRADING_MODE === "live",
    keySecretPath: keySecretPathOf(env),
    inference,
    ...access,
  };
}
