/** A team on a replay: its candles, its start, its end and its books. */
import type { Trade } from "../../lib/contracts/order.ts";
import type { TeamView } from "../../lib/contracts/team.ts";
import { RISK_MEASURE_NAMES } from "../../lib/contracts/risk.ts";
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
