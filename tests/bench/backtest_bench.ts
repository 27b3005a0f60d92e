/**
 * Throughput of the inline backtest, and of what feeds it. Run alone it prints
 * one line of JSON a figure.
 *
 * @module
 */
import { patternDetector, TEMPLATES } from "../../agents/mod.ts";
import { createWorkerHost, NO_PERMISSIONS } from "../../actors/mod.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../lib/contracts/agent_config.ts";
import { loadCandleFile } from "../../lib/exchange/candle_file.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../lib/exchange/candle_series.ts";
import { writeColumnarFile } from "../../lib/exchange/columnar/writer.ts";
import { resampleSeries } from "../../lib/exchange/resample.ts";
import { createSimulatedMarket } from "../../lib/exchange/simulated/market.ts";
import { runBacktest } from "../../lib/backtest/engine.ts";
import { createPool } from "../../lib/backtest/workers/pool.ts";
import { shareCandles } from "../../lib/backtest/workers/shared_candles.ts";

/** A throughput as `deno task bench --json` prints it; `value` is the median of the runs. */
export interface ThroughputFigure {
  name: string;
  unit: string;
  n: number;
  value: number;
}

const REAL_FILE = new URL(
  "../../../shared/market-data/btcusd-1m-bitfinex-2019-05-07.csv.gz",
  import.meta.url,
).pathname;
const CANDLES = 131_335;
const RUNS = 7;
const UNIT = "candles/s";
const SWEEP_SETS = 16;
const SWEEP_RUNS = 3;

/** Risks so little that it is never stopped: about one order in eleven candles, one trade in fifty. */
const BUSY = {
  risk: {
    initialCapital: "100000",
    leverage: 20,
    riskLevel: "moderate",
    maxDrawdownPct: 50,
    dailyLossLimit: "10000",
    riskPerTradePct: 0.05,
  },
  safety: { breakerConsecutiveLosses: 0 },
};

/** Runs of all figures; the first run of each only warms up. */
export async function benchBacktest(): Promise<readonly ThroughputFigure[]> {
  const file = await loadCandleFile(REAL_FILE).catch(() => null);
  const candles = file ?? simulatedCandles();
  const template = TEMPLATES.find(({ name }) => name === "structure-combined")!;
  const config = agentConfigSchema.parse({ ...template.config, name: "Bench" });
  const busy = agentConfigSchema.parse({ ...config, ...BUSY });
  const run = (agent: AgentConfig) => async () => {
    await runBacktest({ candles, config: agent, behavior: patternDetector });
    return candles.length;
  };
  const figures = [
    await throughput("backtest.throughput", run(config)),
    await throughput("backtest.throughput.busy", run(busy)),
    await sweepSpeedUp(candles, config),
    await throughput("simulated.throughput", () => simulatedCandles().length),
  ];
  if (file !== null) {
    figures.push(
      await throughput(
        "csv.throughput",
        async () => (await loadCandleFile(REAL_FILE)).length,
      ),
    );
  }
  figures.push(...await benchColumnar(candles));
  return figures;
}

/** How much faster a sweep is on two workers than on one. Starting them counts. */
async function sweepSpeedUp(
  candles: CandleSeries,
  config: AgentConfig,
): Promise<ThroughputFigure> {
  const shared = shareCandles(candles);
  const job = { config, fromSeq: 0, toSeq: candles.length } as const;
  const seconds = async (count: number) => {
    const startedMs = performance.now();
    const workers = { count, createHost: createBacktestHost };
    const pool = createPool({ candles: shared, workers });
    await Promise.all(
      Array.from(
        { length: SWEEP_SETS },
        () => pool.run({ ...job, keeps: "summary" }),
      ),
    );
    pool.close();
    return (performance.now() - startedMs) / 1_000;
  };
  const values: number[] = [];
  for (let turn = 0; turn < SWEEP_RUNS; turn++) {
    // deno-lint-ignore no-await-in-loop -- runs must not overlap
    const one = await seconds(1);
    // deno-lint-ignore no-await-in-loop -- as above
    values.push(one / await seconds(2));
  }
  values.sort((a, b) => a - b);
  const value = Number(values[Math.floor(SWEEP_RUNS / 2)]!.toFixed(2));
  return {
    name: "backtest.sweep.speedup",
    unit: "times",
    n: SWEEP_RUNS,
    value,
  };
}

function createBacktestHost() {
  return createWorkerHost({
    entry: new URL("../../lib/backtest/worker.ts", import.meta.url),
    name: "backtest",
    permissions: NO_PERMISSIONS,
  });
}

/** The same candles written, read and resampled in our own format. */
async function benchColumnar(
  candles: CandleSeries,
): Promise<readonly ThroughputFigure[]> {
  const folder = await Deno.makeTempDir({ prefix: "smc-fleet-bench-" });
  const path = `${folder}/bench.candles`;
  const header = { symbol: null, stepMs: 60_000, source: null };
  try {
    return [
      await throughput("candles.write", async () => {
        await writeColumnarFile(path, { header, candles });
        return candles.length;
      }),
      await throughput(
        "candles.read",
        async () => (await loadCandleFile(path)).length,
      ),
      await throughput("candles.resample", () => {
        resampleSeries(candles, { toMs: 900_000 });
        return candles.length;
      }),
    ];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function throughput(
  name: string,
  run: () => number | Promise<number>,
): Promise<ThroughputFigure> {
  const values: number[] = [];
  for (let turn = 0; turn <= RUNS; turn++) {
    const startedMs = performance.now();
    // deno-lint-ignore no-await-in-loop -- runs must not overlap
    const candles = await run();
    const seconds = (performance.now() - startedMs) / 1_000;
    if (turn > 0) values.push(candles / seconds);
  }
  values.sort((a, b) => a - b);
  const value = Math.round(values[Math.floor(values.length / 2)]!);
  return { name, unit: UNIT, n: RUNS, value };
}

function simulatedCandles(): CandleSeries {
  const market = createSimulatedMarket({
    seed: 1,
    symbol: "BTC/USDT",
    timeframe: "1m",
    genesisAt: 0,
  });
  return seriesFromCandles(
    Array.from({ length: CANDLES }, (_, seq) => market.candle(seq)),
  );
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  for (const figure of await benchBacktest()) {
    Deno.stdout.writeSync(encoder.encode(`${JSON.stringify(figure)}\n`));
  }
}
