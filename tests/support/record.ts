import {
  type AgentConfigInput,
  agentConfigSchema,
} from "../../lib/contracts/agent_config.ts";
import {
  type AgentEntry,
  createEntry,
  neverStarted,
} from "../../lib/fleet/registry.ts";
import { agentConfig } from "./config.ts";

/** An agent as the fleet keeps it, wanted running and never started. */
export function agentEntry(
  change: Partial<AgentConfigInput> & { name: string },
): AgentEntry {
  const id = "agt_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  return createEntry({
    id,
    ownerId: "usr_1",
    config: agentConfigSchema.parse(agentConfig(change)),
    configVersion: 1,
    desired: "running",
    desiredReason: "",
    stopPositions: "close",
    createdAt: 0,
    updatedAt: 0,
    commandId: "cmd_0",
    startSeq: 0,
    tradeFromSeq: 0,
    streamId: "simulated:BTC/USDT:1m",
    templateName: null,
  }, {
    observed: neverStarted(id, 0),
    equity: [],
    account: null,
    livePrices: false,
  });
}
