// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * A real server with agents in their workers: time from the spawn request to
 * `running`, and memory per agent. Prints one line of JSON a figure.
 *
 * @module
 */
import type { AgentView } from "../../lib/contracts/agent.ts";
import { setUp, type TestApi } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const AGENTS = 40;
const MIB_PER_KIB = 1 / 1_024;

/** Resident memory of the server in MiB. */
async function residentMiB(server: TestServer): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${server.pid}/status`);
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * MIB_PER_KIB;
}

/** Milliseconds from the request until the stream says that the agent runs. */
async function spawnOne(api: TestApi, index: number): Promise<number> {
  const startedMs = performance.now();
  const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: agentConfig({ name: `agent ${index}` }),
    acknowledgeWarnings: true,
  });
  await api.waitForAgent(id, ({ observed }) => observed === "running");
  return performance.now() - startedMs;
}

await withTempDir(async (dataDir) => {
  const server = await startServer({
    dataDir,
    env: { MAX_AGENTS_PER_USER: String(AGENTS + 1) },
  });
  try {
    const api = await setUp(server, dataDir);
    await spawnOne(api, AGENTS);
    const beforeMiB = await residentMiB(server);
    const spawnMs: number[] = [];
    for (let index = 0; index < AGENTS; index++) {
      // deno-lint-ignore no-await-in-loop -- one spawn at a time is what is measured
      spawnMs.push(await spawnOne(api, index));
    }
    spawnMs.sort((a, b) => a - b);
    const at = (fraction: number) =>
      Number(spawnMs[Math.floor(fraction * (AGENTS - 1))]!.toFixed(1));
    console.log(JSON.stringify({
      name: "agent.spawn",
      unit: "ms",
      n: AGENTS,
      p50: at(0.5),
      p99: at(0.99),
      max: at(1),
    }));
    const perAgentMiB = (await residentMiB(server) - beforeMiB) / AGENTS;
    console.log(JSON.stringify({
      name: "agent.memory",
      unit: "MiB",
      n: AGENTS,
      value: Number(perAgentMiB.toFixed(1)),
    }));
  } finally {
    await server.stop();
  }
});
