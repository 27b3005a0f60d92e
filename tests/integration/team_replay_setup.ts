/** A team on a replay, members of which are killed by chance. */
import type { AgentDetail } from "../../lib/contracts/agent.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import type { TeamView } from "../../lib/contracts/team.ts";
import { RISK_MEASURE_NAMES } from "../../lib/contracts/risk.ts";
import { createRng } from "../../lib/core/rng.ts";
import { checkJournals } from "../chaos/checks.ts";
import { Findings } from "../chaos/findings.ts";
import { setUp, type TestApi } from "../support/api.ts";
import { type InProcessServer, serveInProcess } from "../support/in_process.ts";
import { REPLAY_FILE, writeReplayFile } from "../support/replay_file.ts";

const REAL_FILE = new URL(
  "../../../shared/market-data/btcusd-5m-bitfinex-2019.csv.gz",
  import.meta.url,
);

/** Candles of the replay: a file in the server's folder of candles. */
export interface ReplayFile {
  file: string;
  candles: number;
  timeframe: "5m" | "15m";
}

/** Writes so many real candles into a folder; simulated ones where there are no real ones, which is said. */
export async function writeTeamCandles(
  folder: string,
  candles: number,
): Promise<ReplayFile> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await Deno.readFile(REAL_FILE);
  } catch {
    const count = Math.min(candles, 3_000);
    // deno-lint-ignore no-console -- whoever runs the tests must know what they do not show
    console.warn(
      `The real market data is absent: the team replays ${count} simulated candles`,
    );
    await writeReplayFile(folder, count);
    return { file: REPLAY_FILE, candles: count, timeframe: "15m" };
  }
  const text = await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")),
  ).text();
  const lines = text.trim().split("\n").slice(0, candles + 1);
  await Deno.writeTextFile(`${folder}/team.csv`, `${lines.join("\n")}\n`);
  return { file: "team.csv", candles: lines.length - 1, timeframe: "5m" };
}

const FAILED: readonly string[] = ["backing_off", "starting", "quarantined"];

/** Candles that are waited for at once: a long replay takes longer than one wait may. */
const WAIT_CANDLES = 5_000;

/** What a team came to, by role. */
export type TeamFigures = Readonly<
  Record<string, { tradesHash: string; trades: number; seq: number }>
>;

/** A server with a candle file, on which teams replay one after the other. */
export interface TeamReplay extends AsyncDisposable {
  api: TestApi;
  server: InProcessServer;
  replay: ReplayFile;
  dataDir: string;
}

/** Starts a server for teams. */
export async function openTeamReplay(
  dir: string,
  candles: number,
): Promise<TeamReplay> {
  const dataDir = `${dir}/data`;
  const replay = await writeTeamCandles(dir, candles);
  const server = await serveInProcess({ dataDir, env: { CANDLES_DIR: dir } });
  return {
    api: await setUp(server, dataDir),
    server,
    replay,
    dataDir,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/**
 * A risk manager sees the books when its desk tells of them, beside the market's
 * steps: what it reduces depends on the load of the machine. Here it only warns,
 * so that two runs can be compared trade by trade.
 */
const ALERTS_ONLY = {
  guard: {
    rules: Object.fromEntries(
      RISK_MEASURE_NAMES.map((measure) => [measure, { action: "alert" }]),
    ),
  },
};

/** Spawns a team from a template on the replay. */
export async function spawnOnReplay(
  { api, replay }: TeamReplay,
  { name, template, speed }: {
    name: string;
    template: string;
    speed: number | "max";
  },
): Promise<TeamView> {
  return await api.send<TeamView>("POST", "/api/teams/spawn", {
    name,
    template,
    market: {
      symbol: "BTC/USD",
      timeframe: replay.timeframe,
      feed: { kind: "replay", file: replay.file, speed },
      seed: 1,
    },
    // Goes on trading whatever the market does: a limit that is reached would end the test's subject.
    risk: { maxDrawdownPct: 50, dailyLossLimit: "10000" },
    roles: template === "smc-signals" ? { risk: ALERTS_ONLY } : {},
    acknowledgeWarnings: true,
  });
}

/** Waits until all agents of a team have decided the last candle. */
export async function waitForEnd(
  { api, replay }: TeamReplay,
  { members }: TeamView,
): Promise<TeamFigures> {
  const last = replay.candles - 1;
  const figures: Record<string, TeamFigures[string]> = {};
  for (const { id, role } of members.filter(followsCandles)) {
    for (let seq = 0; seq < last; seq += WAIT_CANDLES) {
      // deno-lint-ignore no-await-in-loop -- one part after the other
      await api.waitForAgent(id, ({ progress }) => progress.seq >= seq);
    }
    // deno-lint-ignore no-await-in-loop -- the team is done when its slowest is
    const { account, progress } = await api.waitForAgent(
      id,
      ({ progress, account }) => progress.ended && account?.seq === last,
    );
    figures[role] = {
      tradesHash: account!.tradesHash,
      trades: account!.trades,
      seq: progress.seq,
    };
  }
  return figures;
}

/** A risk manager is told of candles by the desks and has no end of its own. */
function followsCandles({ type }: TeamView["members"][number]): boolean {
  return type !== "risk_manager";
}

/** What was seen of a team's positions right after deaths of its agents. */
export interface SeenPositions {
  open: number;
  /** Agents that had a position without a stop at the desk. */
  unprotected: readonly string[];
}

/** Kills workers of agents by chance, each when all of the team runs again. */
export async function killMembers(
  world: TeamReplay,
  { team, seed, kills }: { team: TeamView; seed: number; kills: number },
): Promise<SeenPositions> {
  const { server, replay } = world;
  let seen: SeenPositions = { open: 0, unprotected: [] };
  const rng = createRng(seed);
  const dead = new Set<unknown>();
  for (let kill = 0; kill < kills; kill++) {
    const after = Math.floor(
      replay.candles * (kill + rng.next()) / (kills + 1),
    );
    // deno-lint-ignore no-await-in-loop -- one death after the other
    await waitUntilAllRun(world, { team, after });
    // Workers of teams that have ended before are not those of this one.
    const alive = server.hosts.agent.filter((host) => !dead.has(host))
      .slice(-team.members.length);
    const victim = alive[Math.floor(rng.next() * alive.length)]!;
    // deno-lint-ignore no-await-in-loop -- as above
    const place = await placeInStream(world);
    victim.terminate();
    dead.add(victim);
    // deno-lint-ignore no-await-in-loop -- as above
    await waitUntilOneFails(world, { team, after: place });
    // deno-lint-ignore no-await-in-loop -- as above
    seen = addSeen(seen, await positionsOf(world, team));
  }
  return seen;
}

async function waitUntilAllRun(
  { api }: Pick<TeamReplay, "api">,
  { team, after }: { team: TeamView; after: number },
): Promise<void> {
  for (const { id, type } of team.members) {
    // deno-lint-ignore no-await-in-loop -- all of them, in any order
    await api.waitForAgent(id, ({ observed, progress }) => {
      const isThere = observed === "running" &&
        (progress.seq >= after || type === "risk_manager");
      return isThere || progress.ended || observed === "quarantined";
    });
  }
  const states = await statesOf(api, team);
  // Died too often within a minute: a person would start the team again.
  if (states.includes("quarantined")) {
    await api.send("POST", `/api/teams/${team.id}/control`, {
      action: "start",
    });
    await waitUntilAllRun({ api }, { team, after });
  }
}

/** Waits until the platform knows that a worker is gone, or there is nothing left to do for it. */
async function waitUntilOneFails(
  { api }: Pick<TeamReplay, "api">,
  { team, after }: { team: TeamView; after: number },
): Promise<void> {
  const ids = new Set(team.members.map(({ id }) => id));
  await api.follow({
    after,
    until: (events) =>
      events.some(({ type, data }) =>
        type === "agent.updated" && ids.has(data.id) &&
        (data.progress.ended || FAILED.includes(data.observed))
      ),
  });
}

/** Where the stream of events stands. */
async function placeInStream({ api, server }: TeamReplay): Promise<number> {
  const response = await fetch(`${server.url}/api/teams`, {
    headers: { authorization: `Bearer ${await api.token()}` },
  });
  await response.body?.cancel();
  return Number(response.headers.get("x-stream-seq"));
}

async function statesOf(
  api: TestApi,
  { id }: TeamView,
): Promise<readonly string[]> {
  const { members } = await api.get<TeamView>(`/api/teams/${id}`);
  return members.map(({ observed }) => observed);
}

async function positionsOf(
  { api }: TeamReplay,
  { members }: TeamView,
): Promise<SeenPositions> {
  const agents = await Promise.all(
    members.map(({ id }) => api.get<AgentDetail>(`/api/agents/${id}`)),
  );
  const open = agents.filter(({ account }) =>
    (account?.position ?? null) !== null
  );
  const unprotected = open.filter(({ account }) =>
    account!.position!.stopPrice === null
  );
  return {
    open: open.length,
    unprotected: unprotected.map(({ name }) => name),
  };
}

function addSeen(a: SeenPositions, b: SeenPositions): SeenPositions {
  return {
    open: a.open + b.open,
    unprotected: [...a.unprotected, ...b.unprotected],
  };
}

/** What is wrong between the journals of the desk, folded by other code, and what the store has. */
export async function findBookFaults(
  { api, dataDir }: TeamReplay,
  teams: readonly TeamView[],
): Promise<{ faults: readonly string[]; fills: number }> {
  const findings = new Findings();
  const stored = new Map<string, readonly Trade[]>();
  const agents = teams.flatMap(({ members }) => members);
  for (const { id } of agents.filter(followsCandles)) {
    // deno-lint-ignore no-await-in-loop -- page by page
    stored.set(id, await allTrades(api, id));
  }
  const sum = await checkJournals(`${dataDir}/journal`, stored, { findings });
  return {
    faults: [...findings.lost, ...findings.duplicated],
    fills: sum.fills,
  };
}

async function allTrades(api: TestApi, id: string): Promise<readonly Trade[]> {
  const newestFirst: Trade[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${cursor}`;
    // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
    const page: { items: readonly Trade[]; nextCursor: string | null } =
      await api.get(`/api/agents/${id}/trades?limit=200${query}`);
    newestFirst.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return newestFirst.reverse();
}
