// deno-lint-ignore-file no-console -- a benchmark prints
/**
 * A real server under its parent with twenty agents, the larger part of them
 * live at a venue on this machine, killed with SIGKILL while
 * they trade: time until every agent runs again, and where that time goes.
 * Prints one line of JSON a figure. With `--threads` it also prints, for each
 * round, the processor time that every thread of the new process had used by
 * then: that figure holds on a busy machine, too.
 *
 * @module
 */
import type { AgentView } from "../../lib/contracts/agent.ts";
import { ChaosClient, pause } from "../chaos/client.ts";
import { quantile } from "../chaos/figures.ts";
import { VENUE_MINUTE_MS } from "../chaos/limits.ts";
import { planAgents, writeReplayFiles } from "../chaos/plan.ts";
import {
  killHost,
  type Recovery,
  waitForRecovery,
  waitUntilSettled,
} from "../chaos/recovery_watch.ts";
import { campaignEnv } from "../chaos/server_env.ts";
import {
  startSupervised,
  type SupervisedServer,
} from "../chaos/supervised_server.ts";
import { freePort } from "../support/free_port.ts";
import { addLiveKey } from "../support/live.ts";
import { readSetupToken } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { startVenueProcess } from "../venue/process.ts";

const AGENTS = 20;
const ROUNDS = 12;
const SEED = 1;
/** How long the agents trade between two kills. */
const TRADING_MS = 2_500;
/** Ticks of /proc/<pid>/stat a second. */
const TICKS_PER_SECOND = 100;

const isByThread = Deno.args.includes("--threads");

/** Processor time of every thread so far, the busiest first: `name milliseconds`. */
async function threadTimes(pid: number): Promise<string[]> {
  const times: { name: string; cpuMs: number }[] = [];
  for await (const { name: id } of Deno.readDir(`/proc/${pid}/task`)) {
    const stat = await Deno.readTextFile(`/proc/${pid}/task/${id}/stat`)
      .catch(() => null);
    // A thread that has ended meanwhile.
    if (stat === null) continue;
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    times.push({ name, cpuMs: ticks * 1_000 / TICKS_PER_SECOND });
  }
  const sum = times.reduce((total, { cpuMs }) => total + cpuMs, 0);
  return [
    `all ${sum}`,
    ...times.toSorted((a, b) => b.cpuMs - a.cpuMs)
      .filter(({ cpuMs }) => cpuMs > 0)
      .map(({ name, cpuMs }) => `${name} ${cpuMs}`),
  ];
}

async function spawnAll(
  client: ChaosClient,
  files: Awaited<ReturnType<typeof writeReplayFiles>>,
): Promise<void> {
  const exchangeKeyId = await addLiveKey((method, path, body) =>
    client.command(method, path, body)
  );
  for (
    const { config } of planAgents({ agents: AGENTS, files, exchangeKeyId })
  ) {
    // deno-lint-ignore no-await-in-loop -- in order, as a person would
    const answer = await client.send<AgentView>({
      method: "POST",
      path: "/api/agents/spawn",
      body: {
        config,
        acknowledgeWarnings: true,
        confirmName: config.name,
      },
      headers: { "idempotency-key": config.name },
    });
    if (answer.status !== 201) {
      throw new Error(`Cannot spawn: ${JSON.stringify(answer.value)}`);
    }
  }
  await waitUntilSettled(client);
}

async function killAgainAndAgain(
  server: SupervisedServer,
  client: ChaosClient,
): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // deno-lint-ignore no-await-in-loop -- one kill after the other
    await pause(TRADING_MS);
    // deno-lint-ignore no-await-in-loop -- as above
    const kill = await killHost(server);
    // deno-lint-ignore no-await-in-loop -- as above
    const recovery = await waitForRecovery(server, client, {
      ...kill,
      onSlow: console.error,
    });
    recoveries.push(recovery);
    if (!isByThread) continue;
    // deno-lint-ignore no-await-in-loop -- as above
    const threads = await threadTimes(server.hostPid());
    console.error(JSON.stringify(recovery), threads.join(", "));
  }
  return recoveries;
}

function print(name: string, values: readonly number[]): void {
  const at = (share: number) => Math.round(quantile(values, share));
  console.log(JSON.stringify({
    name,
    unit: "ms",
    n: values.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  }));
}

await withTempDir(async (folder) => {
  const candlesDir = `${folder}/candles`;
  const dataDir = `${folder}/data`;
  await Deno.mkdir(candlesDir);
  const files = await writeReplayFiles({
    folder: candlesDir,
    kills: ROUNDS,
    seed: SEED,
  });
  const venue = await startVenueProcess({
    seed: SEED,
    minuteEveryMs: VENUE_MINUTE_MS,
  });
  const server = await startSupervised({
    dataDir,
    port: freePort(),
    env: campaignEnv(candlesDir, venue.url),
  });
  try {
    await server.printed((text) => text.includes("Listening on http"));
    const client = new ChaosClient(server.url, console.error);
    await client.setUp(await readSetupToken(dataDir));
    await spawnAll(client, files);
    const recoveries = await killAgainAndAgain(server, client);
    print("host.recovery.cpu", recoveries.map(({ cpuMs }) => cpuMs ?? NaN));
    print("host.recovery", recoveries.map(({ totalMs }) => totalMs));
    print(
      "host.recovery.restart",
      recoveries.map(({ restartMs }) => restartMs),
    );
    print(
      "host.recovery.listening",
      recoveries.map(({ listeningMs, restartMs }) => listeningMs - restartMs),
    );
    print(
      "host.recovery.agents",
      recoveries.map(({ totalMs, listeningMs }) => totalMs - listeningMs),
    );
  } finally {
    server.signalParent("SIGTERM");
    await server.ended;
    await venue.stop();
  }
});
