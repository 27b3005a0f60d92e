/**
 * The kill -9 campaign: the real thing on a real store, killed at seeded random
 * points, and compared at the end with what a ledger, a backtest and a client
 * of their own know.
 *
 * @module
 */
import type { AgentView } from "../../lib/contracts/agent.ts";
import { createRng, type Rng, seedFromText } from "../../lib/core/rng.ts";
import { freePort } from "../support/free_port.ts";
import { addKey, enrolFactor } from "../support/live.ts";
import { readSetupToken } from "../support/server.ts";
import { weather } from "../venue/faults/weather.ts";
import { startVenueProcess, type VenueProcess } from "../venue/process.ts";
import { backtestFiles } from "./backtests.ts";
import { checkCommands, checkEvents, checkJournals } from "./checks.ts";
import { drain, readTrades, stopAll } from "./campaign_end.ts";
import type { CampaignResult } from "./campaign_result.ts";
import { ChaosClient, pause } from "./client.ts";
import { CommandClient } from "./commands.ts";
import { EventRecord, followEvents } from "./event_follower.ts";
import { readEventLog } from "./event_log.ts";
import { Findings } from "./findings.ts";
import {
  EARLY_KILL_MAX_MS,
  EARLY_KILL_MIN_MS,
  EARLY_KILLS_SHARE,
  FIRST_KILL_MS,
  LATE_KILL_MAX_MS,
  LATE_KILL_MIN_MS,
  LIVE_KILL_EVERY,
  LIVE_KILL_MAX_MS,
  LIVE_KILL_MIN_MS,
  VENUE_MINUTE_MS,
  VENUE_WEATHER,
} from "./limits.ts";
import { planAgents, type PlannedAgent, writeReplayFiles } from "./plan.ts";
import {
  killHost,
  type Recovery,
  waitForRecovery,
  waitUntilSettled,
} from "./recovery_watch.ts";
import { compareReplays } from "./replays.ts";
import { campaignEnv } from "./server_env.ts";
import { checkVenue } from "./venue_checks.ts";
import type { FoldedVenueLedger } from "./venue_fold.ts";
import { startSupervised, type SupervisedServer } from "./supervised_server.ts";

/** What to do. */
export interface CampaignOptions {
  kills: number;
  agents: number;
  seed: number;
  /** An empty folder for data and candles. */
  folder: string;
  /** Told of each step. */
  onProgress(line: string): void;
  /** Ends the campaign in the middle: its server is stopped, then it rejects with the reason. */
  signal?: AbortSignal;
}

interface World {
  options: CampaignOptions;
  dataDir: string;
  server: SupervisedServer;
  venue: VenueProcess;
  client: ChaosClient;
  findings: Findings;
  agents: readonly (PlannedAgent & { id: string })[];
}

/** Runs a campaign from an empty folder to the comparison. */
export async function runCampaign(
  options: CampaignOptions,
): Promise<CampaignResult> {
  const dataDir = `${options.folder}/data`;
  const candlesDir = `${options.folder}/candles`;
  await Deno.mkdir(candlesDir, { recursive: true });
  const files = await writeReplayFiles({ ...options, folder: candlesDir });
  const venue = await startVenueProcess({
    seed: options.seed,
    minuteEveryMs: VENUE_MINUTE_MS,
  });
  const server = await startSupervised({
    dataDir,
    port: freePort(),
    env: campaignEnv(candlesDir, venue.url),
  });
  try {
    return await Promise.race([
      play({ options, dataDir, candlesDir, server, venue, files }),
      rejectOnAbort(options.signal),
    ]);
  } finally {
    // After a failure in the middle; a campaign that came to its end has drained.
    server.signalParent("SIGTERM");
    await server.ended;
    await venue.stop();
  }
}

function rejectOnAbort(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal?.reason);
  if (signal?.aborted) end();
  else signal?.addEventListener("abort", end, { once: true });
  return promise;
}

type Parts = Pick<World, "options" | "dataDir" | "server" | "venue"> & {
  files: Awaited<ReturnType<typeof writeReplayFiles>>;
};

async function play(
  { candlesDir, ...parts }: Parts & { candlesDir: string },
): Promise<CampaignResult> {
  const world = await populate(parts);
  const { dataDir, files, venue } = parts;
  const followed = new EventRecord();
  const { kills, faults } = await inBadWeather(world, followed);
  const backtests = await backtestFiles(candlesDir, files);
  const replaysCompared = await compareReplays(world, backtests);
  await stopAll(world);
  const trades = await readTrades(world);
  await drain(world);
  const log = await readEventLog(`${dataDir}/store.sqlite`);
  checkEvents({ log, followed }, trades, world.findings);
  const books = new Map<string, FoldedVenueLedger>();
  const sums = await checkJournals(
    `${dataDir}/journal`,
    trades,
    { findings: world.findings, books },
  );
  const atVenue = checkVenue(await venue.report(), books, world.findings);
  return {
    ...kills,
    ...sums,
    liveAgents: books.size,
    ...atVenue,
    venueFaults: faults,
    events: log.last,
    replaysCompared,
    lost: world.findings.lost,
    duplicated: world.findings.duplicated,
  };
}

async function populate(parts: Parts): Promise<World> {
  const { options, dataDir, server, venue, files } = parts;
  await server.printed((text) => text.includes("Listening on http"));
  const client = new ChaosClient(server.url, options.onProgress);
  await client.setUp(await readSetupToken(dataDir));
  const send = <T>(method: "POST" | "PUT", path: string, body: unknown) =>
    client.command<T>(method, path, body);
  client.useCodes(await enrolFactor(send));
  const exchangeKeyId = await addKey(send);
  const agents: World["agents"][number][] = [];
  const plan = planAgents({ agents: options.agents, files, exchangeKeyId });
  for (const planned of plan) {
    // deno-lint-ignore no-await-in-loop -- in order, as a person would
    const answer = await client.send<AgentView>({
      method: "POST",
      path: "/api/agents/spawn",
      body: {
        config: planned.config,
        acknowledgeWarnings: true,
        confirmName: planned.config.name,
      },
      headers: { "idempotency-key": planned.config.name },
    });
    if (answer.status !== 201) {
      throw new Error(`Cannot spawn: ${JSON.stringify(answer.value)}`);
    }
    agents.push({ ...planned, id: answer.value.id });
  }
  await waitUntilSettled(client);
  options.onProgress(`${agents.length} agents run`);
  return {
    options,
    dataDir,
    server,
    venue,
    client,
    agents,
    findings: new Findings(),
  };
}

/** The campaign proper while the venue is faulty. */
async function inBadWeather(world: World, followed: EventRecord) {
  const { venue } = world;
  await venue.addFaults(weather(VENUE_WEATHER));
  const kills = await killAndCommand(world, followed);
  const { faults } = await venue.report();
  await venue.clearFaults();
  return { kills, faults: faults.length };
}

/** The campaign proper: kills in front, commands and a follower of events beside. */
async function killAndCommand(world: World, followed: EventRecord) {
  const { server, client, options, findings } = world;
  const rngOf = (name: string) => createRng(seedFromText(name, options.seed));
  const disturbed = world.agents.filter(({ replay }) => replay === null);
  const commander = new CommandClient(client, {
    rng: rngOf("commands"),
    agentIds: disturbed.map(({ id }) => id),
    // That of a live agent is changed with a fresh code of the second factor only.
    configurableIds: disturbed.filter(({ config }) => config.mode !== "live")
      .map(({ id }) => id),
  });
  const abort = new AbortController();
  const following = followEvents({
    url: server.url,
    token: () => client.token(),
    record: followed,
    signal: abort.signal,
  });
  const commanding = commander.run();
  const kills = await killAll(world, rngOf("kills"));
  commander.end();
  await commanding;
  options.onProgress("the last command is answered");
  await waitUntilSettled(client);
  abort.abort();
  await following;
  const { acknowledged } = commander;
  await checkCommands(client, acknowledged, findings);
  for (const refusal of acknowledged.refused) options.onProgress(refusal);
  return {
    ...kills,
    commands: acknowledged.commands,
    repeatedCommands: acknowledged.repeated,
    unknownCommands: acknowledged.unknown,
  };
}

async function killAll({ server, client, options }: World, rng: Rng) {
  const recoveries: Recovery[] = [];
  let earlyKills = 0;
  const between = (min: number, max: number) => min + rng.next() * (max - min);
  for (let number = 1; number <= options.kills; number++) {
    options.signal?.throwIfAborted();
    if (number === 1) {
      // deno-lint-ignore no-await-in-loop -- as below
      await pause(FIRST_KILL_MS);
    } else if (number % LIVE_KILL_EVERY === 1) {
      // deno-lint-ignore no-await-in-loop -- as below
      await pause(between(LIVE_KILL_MIN_MS, LIVE_KILL_MAX_MS));
    }
    // deno-lint-ignore no-await-in-loop -- one kill after the other
    const kill = await killHost(server);
    // The last kill is always followed by a whole recovery.
    if (number < options.kills && rng.next() < EARLY_KILLS_SHARE) {
      earlyKills++;
      // deno-lint-ignore no-await-in-loop -- as above
      await pause(between(EARLY_KILL_MIN_MS, EARLY_KILL_MAX_MS));
      options.onProgress(`kill ${number}: the next one hits the start`);
      continue;
    }
    // deno-lint-ignore no-await-in-loop -- as above
    const recovery = await waitForRecovery(server, client, {
      ...kill,
      onSlow: (who) => options.onProgress(`kill ${number}: waiting, ${who}`),
    });
    recoveries.push(recovery);
    options.onProgress(
      `kill ${number}: all agents run again after ${
        Math.round(recovery.totalMs)
      } ms`,
    );
    // deno-lint-ignore no-await-in-loop -- as above
    await pause(between(LATE_KILL_MIN_MS, LATE_KILL_MAX_MS));
  }
  return { kills: options.kills, earlyKills, recoveries };
}
