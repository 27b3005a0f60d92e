import type { ChildSpec } from "../../actors/mod.ts";
import type { AgentWorkerConfig } from "../contracts/agent.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import { hasAccount } from "../contracts/agent_types.ts";
import { feedId, type FleetContext } from "./context.ts";
import { deskIdOf } from "./desk_ids.ts";
import { INFERENCE_ID, needsInference } from "./inference.ts";
import type { AgentEntry } from "./registry.ts";
import { takeSnapshot } from "./snapshots.ts";

const BYTES_PER_MIB = 1_048_576;

/** What an agent's worker is configured with. */
export function agentWorkerConfig(
  context: Pick<FleetContext, "guards">,
  entry: AgentEntry,
): AgentWorkerConfig {
  const { id, config, startSeq, tradeFromSeq } = entry.record;
  const common = { agentId: id, config, startSeq, tradeFromSeq };
  return hasAccount(config.type)
    ? common
    : { ...common, guarded: context.guards.namesOf(entry) };
}

/** How an agent's worker is started and restarted. */
export function agentSpec(
  context: FleetContext,
  entry: AgentEntry,
  options: { paused: boolean; lastEpoch: number },
): ChildSpec {
  return {
    id: entry.record.id,
    kind: "agent",
    createHost: () => context.hosts.agent(entry.record.config.type),
    loadInit: async () => {
      await entry.snapshotSaved;
      const snapshot = await takeSnapshot(context, entry);
      // Last, so that no change comes between the reading and the start.
      entry.heldConfig.worker = entry.record.configVersion;
      entry.workerConfig = entry.record.config;
      if (!hasAccount(entry.record.config.type)) {
        context.guards.workerStarts(entry);
      }
      return { config: agentWorkerConfig(context, entry), snapshot };
    },
    restart: "transient",
    // Without its market or the desk an agent waits with its state kept.
    dependsOn: dependenciesOf(entry.record.config),
    softHeapBytes: context.settings.agentHeapMiB * BYTES_PER_MIB,
    startMs: context.settings.agentStartMs,
    deadMs: context.settings.agentDeadMs,
    startPaused: options.paused,
    firstEpoch: options.lastEpoch + 1,
  };
}

/** The workers without which an agent waits. */
function dependenciesOf(config: AgentConfig): string[] {
  if (!hasAccount(config.type)) return [];
  return [
    feedId(config.feed),
    deskIdOf(config),
    ...needsInference(config) ? [INFERENCE_ID] : [],
  ];
}
