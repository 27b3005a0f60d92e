/**
 * The campaign with several hosts: real processes over one KV server are killed,
 * stopped and cut off at seeded moments while agents trade and commands come,
 * and what the store took from whom is compared with who owned what.
 *
 * @module
 */
import { createRng, seedFromText } from "../../lib/core/rng.ts";
import { backtestFiles } from "../chaos/backtests.ts";
import { checkCommands } from "../chaos/checks.ts";
import { ChaosClient } from "../chaos/client.ts";
import { CommandClient } from "../chaos/commands.ts";
import { EventRecord, followEvents } from "../chaos/event_follower.ts";
import { Findings } from "../chaos/findings.ts";
import { CANDLES_PER_KILL } from "../chaos/limits.ts";
import {
  MINUTE_SECONDS,
  type ReplayFile,
  writeReplayFiles,
} from "../chaos/plan.ts";
import { compareReplays } from "../chaos/replays.ts";
import { readSetupToken } from "../support/server.ts";
import { closeAll, compareBooks } from "./campaign_end.ts";
import { type KvProcess, startKvProcess } from "./kv_process.ts";
import { FAULT_SHARE_MAX, FAULT_SHARE_MIN, ROUND_SECONDS } from "./limits.ts";
import { Member } from "./member.ts";
import { OwnershipRecord } from "./ownership.ts";
import { populate, type SpawnedAgent } from "./plan.ts";
import { Reader } from "./reads.ts";
import { playRounds, untilSettled } from "./rounds.ts";

/** What to do. */
export interface ClusterOptions {
  rounds: number;
  agents: number;
  hosts: number;
  controls: number;
  /** About how long a process is away. */
  pauseMs: number;
  /** One-minute candles of each market. */
  candlesPerSecond: number;
  seed: number;
  /** An empty folder. */
  folder: string;
  /** Told of each step. */
  onProgress(line: string): void;
  /** Ends the campaign in the middle: its processes end, then it rejects with the reason. */
  signal?: AbortSignal;
}

/** What came out. */
export interface ClusterResult {
  kvServer: KvProcess["kind"];
  agents: number;
  /** Entries that somebody wrote who did not own the agent, and owners that overlap. */
  overlaps: readonly string[];
  /** Writes of agents that were examined for it. */
  examinedWrites: number;
  takeovers: number;
  /** Hosts that others took for dead although nothing was done to them. */
  endedAlive: number;
  /** From a fault until the agent was up elsewhere, or again. */
  unownedMs: readonly number[];
  readMs: readonly number[];
  commands: number;
  repeatedCommands: number;
  unknownCommands: number;
  orders: number;
  trades: number;
  events: number;
  replaysCompared: number;
  lost: readonly string[];
  duplicated: readonly string[];
}

/** The campaign while it runs. */
export interface ClusterWorld {
  options: ClusterOptions;
  members: readonly Member[];
  record: OwnershipRecord;
  client: ChaosClient;
  findings: Findings;
  agents: readonly SpawnedAgent[];
}

/** Runs a campaign from an empty folder to the comparison. */
export async function runClusterCampaign(
  options: ClusterOptions,
): Promise<ClusterResult> {
  const candlesDir = `${options.folder}/candles`;
  await Deno.mkdir(candlesDir, { recursive: true });
  const files = await writeReplayFiles({
    folder: candlesDir,
    kills: candlesOf(options) / CANDLES_PER_KILL,
    seed: options.seed,
  });
  const kv = await startKvProcess(options.folder);
  options.onProgress(`KV server: ${kv.kind}`);
  const record = new OwnershipRecord();
  const members = createMembers({ options, kv, record, candlesDir });
  try {
    return await Promise.race([
      play({ options, kv, record, members, candlesDir, files }),
      rejectOnAbort(options.signal),
    ]);
  } finally {
    await closeAll(members);
    await kv.stop();
  }
}

/** As many as come while the rounds are played. */
function candlesOf(
  { rounds, pauseMs, candlesPerSecond }: ClusterOptions,
): number {
  const awaySeconds = pauseMs / 1_000 * (FAULT_SHARE_MIN + FAULT_SHARE_MAX) / 2;
  return Math.ceil(rounds * (awaySeconds + ROUND_SECONDS) * candlesPerSecond);
}

function createMembers(
  { options, kv, record, candlesDir }: {
    options: ClusterOptions;
    kv: KvProcess;
    record: OwnershipRecord;
    candlesDir: string;
  },
): Member[] {
  const { candlesPerSecond } = options;
  const env = clusterEnv({ candlesDir, candlesPerSecond });
  const { folder } = options;
  const create = (role: Member["role"], count: number) =>
    Array.from({ length: count }, (_, index) =>
      new Member({
        id: `${role}-${index + 1}`,
        role,
        folder,
        kvUrl: kv.url,
        record,
        env,
      }));
  return [
    ...create("control", options.controls),
    ...create("host", options.hosts),
  ];
}

/** What all members have in common. */
export function clusterEnv(
  { candlesDir, candlesPerSecond }: {
    candlesDir: string;
    candlesPerSecond: number;
  },
): Record<string, string> {
  return {
    CANDLES_DIR: candlesDir,
    EXCHANGES: "none",
    EXCHANGE_KEY_SECRET: crypto.getRandomValues(new Uint8Array(32)).toBase64(),
    DENO_KV_ACCESS_TOKEN: Deno.env.get("DENO_KV_ACCESS_TOKEN")!,
    SIMULATION_SPEED: String(candlesPerSecond * MINUTE_SECONDS),
    MAX_AGENTS_PER_USER: "500",
    MAX_AGENTS_PER_HOST: "500",
    // The campaign is one long crash loop.
    HOST_RESTARTS_MAX: "1000",
  };
}

function rejectOnAbort(signal: AbortSignal | undefined): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = () => reject(signal?.reason);
  if (signal?.aborted) end();
  else signal?.addEventListener("abort", end, { once: true });
  return promise;
}

type Parts = Pick<ClusterWorld, "options" | "members" | "record"> & {
  kv: KvProcess;
  candlesDir: string;
  files: readonly ReplayFile[];
};

async function play(parts: Parts): Promise<ClusterResult> {
  const { kv, candlesDir, files } = parts;
  const world = await begin(parts);
  const { record, findings } = world;
  const followed = new EventRecord();
  const played = await disturb(world, followed);
  const backtests = await backtestFiles(candlesDir, files);
  const replaysCompared = await compareReplays(world, backtests);
  const books = await compareBooks(world, { kvUrl: kv.url, followed });
  record.examine({ isEnd: true });
  return {
    kvServer: kv.kind,
    ...played,
    ...books,
    overlaps: record.overlaps,
    examinedWrites: record.examined,
    replaysCompared,
    lost: findings.lost,
    duplicated: findings.duplicated,
  };
}

async function begin(parts: Parts): Promise<ClusterWorld> {
  const { options, members, record, files } = parts;
  const [first, ...others] = members;
  // The first creates what is there once; together they would wait for each other.
  await first!.start();
  await Promise.all(others.map((member) => member.start()));
  const client = new ChaosClient(first!.url, options.onProgress);
  await client.setUp(await readSetupToken(first!.dataDir));
  const findings = new Findings();
  const agents = await populate(client, { ...options, files });
  const world = { options, members, record, client, findings, agents };
  await untilSettled(world);
  options.onProgress(`${options.agents} agents run`);
  return world;
}

/** The campaign proper: faults in front; commands, reads and a follower of events beside. */
async function disturb(world: ClusterWorld, followed: EventRecord) {
  const { client, options, findings, members, agents } = world;
  const rngOf = (name: string) => createRng(seedFromText(name, options.seed));
  const disturbed = agents.filter(({ replay }) => replay === null)
    .map(({ id }) => id);
  const commander = new CommandClient(client, {
    rng: rngOf("commands"),
    agentIds: disturbed,
    configurableIds: disturbed,
  });
  const reader = new Reader({ members, client, findings });
  const abort = new AbortController();
  const controls = members.filter(({ role }) => role === "control");
  const following = followEvents({
    url: controls.at(-1)!.url,
    token: () => client.token(),
    record: followed,
    signal: abort.signal,
  });
  const beside = Promise.all([commander.run(), reader.run()]);
  const played = await playRounds(world, { rng: rngOf("faults"), reader });
  commander.end();
  reader.end();
  await beside;
  await untilSettled(world);
  abort.abort();
  await following;
  const { acknowledged } = commander;
  await checkCommands(client, acknowledged, findings);
  for (const refusal of acknowledged.refused) options.onProgress(refusal);
  return {
    ...played,
    agents: options.agents + acknowledged.spawned.size,
    readMs: reader.tookMs,
    commands: acknowledged.commands,
    repeatedCommands: acknowledged.repeated,
    unknownCommands: acknowledged.unknown,
  };
}
