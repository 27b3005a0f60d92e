/** What runs on several hosts: single agents, a team whose members listen to each other, and a risk manager. */
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { hasAccount } from "../../lib/contracts/agent_types.ts";
import type { TeamView } from "../../lib/contracts/team.ts";
import { type ChaosClient, pause } from "../chaos/client.ts";
import {
  chaosConfig,
  MINUTE_SECONDS,
  type PlannedAgent,
  type ReplayFile,
} from "../chaos/plan.ts";
import { guardConfig } from "../support/config.ts";
import { SETTLED_POLL_MS, SETTLED_WITHIN_MS } from "./limits.ts";

/** An agent that was spawned. */
export type SpawnedAgent = PlannedAgent & { id: string };

/** Agents of the team and the risk manager, which the others make room for. */
const IN_TEAMS = 4;
const SINGLES_MIN = 4;

/** Spawns `agents` agents in all, one after the other; half of the single ones replay files that nobody disturbs. */
export async function populate(
  client: ChaosClient,
  { agents, candlesPerSecond, files }: {
    agents: number;
    candlesPerSecond: number;
    files: readonly ReplayFile[];
  },
): Promise<SpawnedAgent[]> {
  const singles = Math.max(SINGLES_MIN, agents - IN_TEAMS);
  const spawned: SpawnedAgent[] = [];
  for (let index = 0; index < singles; index++) {
    // deno-lint-ignore no-await-in-loop -- in order, as a person would
    spawned.push(await spawnSingle(client, { index, candlesPerSecond, files }));
  }
  const squad = await client.command<TeamView>("POST", "/api/teams/spawn", {
    name: "squad",
    template: "smc-signals",
    market: {
      symbol: "BTC/USDT",
      timeframe: "1m",
      feed: { kind: "simulated" },
    },
    risk: { maxDrawdownPct: 50, dailyLossLimit: "10000" },
    acknowledgeWarnings: true,
  });
  const warden = guardConfig("warden", {
    measure: "gross_exposure_pct",
    action: "alert",
  });
  // Those of one team are on one host, as whom a risk manager guards has to be.
  const agentIds = squad.members.filter(({ type }) => hasAccount(type))
    .map(({ id }) => id);
  await spawn(client, {
    ...warden,
    guard: { ...warden.guard!, scope: { kind: "agents", agentIds } },
  });
  return spawned;
}

async function spawnSingle(
  client: ChaosClient,
  { index, candlesPerSecond, files }: {
    index: number;
    candlesPerSecond: number;
    files: readonly ReplayFile[];
  },
): Promise<SpawnedAgent> {
  const isReplay = index % 2 === 0;
  const replay = isReplay ? files[(index / 2) % files.length]! : null;
  const name = `${isReplay ? "replay" : "market"}-${index + 1}`;
  const config = chaosConfig(
    name,
    replay === null ? { kind: "simulated" } : {
      kind: "replay",
      file: replay.name,
      speed: candlesPerSecond * MINUTE_SECONDS,
    },
  );
  return { config, replay, id: await spawn(client, config) };
}

async function spawn(
  client: ChaosClient,
  config: AgentConfigInput,
): Promise<string> {
  const answer = await client.send<AgentView>({
    method: "POST",
    path: "/api/agents/spawn",
    body: { config, acknowledgeWarnings: true },
    headers: { "idempotency-key": config.name },
  });
  if (answer.status === 201) return answer.value.id;
  // Host or store were too slow to say: on a busy machine that happens.
  const givenUpAt = performance.now() + SETTLED_WITHIN_MS;
  while (performance.now() < givenUpAt) {
    // deno-lint-ignore no-await-in-loop -- one look after the other
    const agents = await client.list<AgentView>("/api/agents");
    const found = agents.find(({ name }) => name === config.name);
    if (found !== undefined) return found.id;
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(SETTLED_POLL_MS);
  }
  throw new Error(
    `Cannot spawn "${config.name}": ${JSON.stringify(answer.value)}`,
  );
}
