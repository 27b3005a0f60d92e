import assert from "node:assert/strict";
import type {
  AgentView,
  PerformanceResponse,
} from "../../lib/contracts/agent.ts";
import { loadCandleFile } from "../../lib/exchange/candle_file.ts";
import type { CandleSeries } from "../../lib/exchange/candle_series.ts";
import { writeColumnarFile } from "../../lib/exchange/columnar/writer.ts";
import { resampleSeries } from "../../lib/exchange/resample.ts";
import { logIn, setUp } from "../support/api.ts";
import { type BacktestFigures, runBacktestTask } from "../support/backtest.ts";
import { agentConfig } from "../support/config.ts";
import { REPLAY_FILE, writeReplayFile } from "../support/replay_file.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const FIXTURES = decodeURIComponent(
  new URL("../fixtures/", import.meta.url).pathname,
);
const REAL_DATA = decodeURIComponent(
  new URL("../../../shared/market-data/", import.meta.url).pathname,
);

const TEMPLATE = "structure-combined";

/** Strategies with entries at the market, stops that follow and exits by rule, and the same by dotted path. */
const MARKET_STRATEGIES = {
  breakout: { enabled: true, exit: "trail", volumeRatio: 0 },
  meanReversion: { enabled: true, maxAdx: 40, minRewardRisk: 0.5 },
} as const;
const MARKET_SETTINGS = {
  "strategies.breakout.enabled": true,
  "strategies.breakout.exit": "trail",
  "strategies.breakout.volumeRatio": 0,
  "strategies.meanReversion.enabled": true,
  "strategies.meanReversion.maxAdx": 40,
  "strategies.meanReversion.minRewardRisk": 0.5,
};

interface Replay {
  dir: string;
  file: string;
  candles: number;
  timeframe: "1m" | "15m" | "30m";
  /** The same candles as they are traded, where the agent's feed makes them of shorter ones. */
  resampledFile?: string;
  /** Whether the strategies that enter at the market are on. */
  isAtMarket?: boolean;
}

const SMALL: Replay = {
  dir: FIXTURES,
  file: REPLAY_FILE,
  candles: 3_000,
  timeframe: "15m",
};
const LARGE: Replay = {
  dir: REAL_DATA,
  file: "btcusd-1m-bitfinex-2019-05-07.csv.gz",
  candles: 131_335,
  timeframe: "1m",
};

const hasRealData = exists(`${REAL_DATA}${LARGE.file}`);
if (!hasRealData) {
  // deno-lint-ignore no-console -- whoever runs the tests must know what they do not show
  console.warn("The real market data is absent: its parity test is skipped");
}

Deno.test("agent in its worker trades a replayed file exactly as the backtest does", () =>
  checkParity(SMALL));

Deno.test("agent in its worker enters at the market and moves its stops exactly as the backtest does", () =>
  checkParity({ ...SMALL, isAtMarket: true }));

Deno.test({
  name:
    "agent in its worker trades three months of real candles exactly as the backtest does",
  ignore: !hasRealData,
  fn: () => checkParity(LARGE),
});

Deno.test("agent that replays a columnar file at a longer timeframe trades as the backtest of resampled candles does", async () => {
  await withTempDir(async (folder) => {
    const series = await loadCandleFile(`${SMALL.dir}${SMALL.file}`);
    const { series: longer } = resampleSeries(series, { toMs: 1_800_000 });
    const write = (name: string, candles: CandleSeries, stepMs: number) =>
      writeColumnarFile(`${folder}/${name}`, {
        header: { symbol: null, stepMs, source: null },
        candles,
      });
    await write("short.candles", series, 900_000);
    await write("long.candles", longer, 1_800_000);
    await checkParity({
      dir: `${folder}/`,
      file: "short.candles",
      candles: longer.length,
      timeframe: "30m",
      resampledFile: "long.candles",
    });
  });
});

Deno.test("agent whose server is killed in the middle of a replay ends with the backtest's trades", async () => {
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    const replay = { ...SMALL, dir: `${dir}/`, candles: 1_500 };
    await writeReplayFile(dir, replay.candles);
    const options = { dataDir, candlesDir: dir };
    let server = await startServer(options);
    try {
      let api = await setUp(server, dataDir);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: agentConfig({
          name: "killed",
          timeframe: replay.timeframe,
          // Slow enough to be hit in the middle.
          feed: { kind: "replay", file: replay.file, speed: 100_000 },
        }, TEMPLATE),
        acknowledgeWarnings: true,
      });
      for (const seq of [200, 500, 900]) {
        // deno-lint-ignore no-await-in-loop -- each round kills what the last one started
        await api.waitForAgent(id, ({ progress }) => progress.seq > seq);
        // deno-lint-ignore no-await-in-loop -- as above
        await server.kill();
        // deno-lint-ignore no-await-in-loop -- as above
        server = await startServer({ ...options, port: server.port });
        // deno-lint-ignore no-await-in-loop -- as above
        api = await logIn(server);
      }
      const done = await api.waitForAgent(id, isDone(replay));
      const backtest = await runBacktest(replay);
      assert.equal(done.account?.tradesHash, backtest.tradesHash);
      assert.equal(done.account?.trades, backtest.trades);
    } finally {
      await server.stop();
    }
  });
});

/** All candles are decided by the agent and processed by the desk. */
function isDone(replay: Replay): (agent: AgentView) => boolean {
  return ({ progress, account }) =>
    progress.ended && account?.seq === replay.candles - 1;
}

async function checkParity(replay: Replay): Promise<void> {
  await withTempDir(async (dataDir) => {
    const server = await startServer({ dataDir, candlesDir: replay.dir });
    try {
      const api = await setUp(server, dataDir);
      const agent = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: agentConfig({
          name: "parity",
          timeframe: replay.timeframe,
          feed: { kind: "replay", file: replay.file, speed: "max" },
          ...(replay.isAtMarket ? { strategies: MARKET_STRATEGIES } : {}),
        }, TEMPLATE),
        acknowledgeWarnings: true,
      });
      const done = await api.waitForAgent(agent.id, isDone(replay));
      assert.equal(done.progress.seq, replay.candles - 1);
      const live = await api.get<PerformanceResponse>(
        `/api/agents/${agent.id}/performance`,
      );
      const backtest = await runBacktest(replay);
      assert.ok(live.trades > 0, "the agent should have traded");
      assert.equal(live.trades, backtest.trades);
      assert.equal(live.netPnl, backtest.netPnl);
      assert.equal(live.tradesHash, backtest.tradesHash);
      assert.equal(live.candles, backtest.candles);
    } finally {
      await server.stop();
    }
  });
}

function runBacktest(replay: Replay): Promise<BacktestFigures> {
  return runBacktestTask({
    file: `${replay.dir}${replay.resampledFile ?? replay.file}`,
    template: TEMPLATE,
    timeframe: replay.timeframe,
    ...(replay.isAtMarket ? { set: MARKET_SETTINGS } : {}),
  });
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
