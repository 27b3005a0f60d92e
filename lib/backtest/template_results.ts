/**
 * What each ready-made configuration comes to on candles that everybody has: a
 * real market that a package of sample data ships, and the simulated market.
 *
 * @module
 */
import {
  type AgentConfig,
  agentConfigSchema,
} from "../contracts/agent_config.ts";
import type { AgentTemplate, TemplateResult } from "../contracts/template.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../exchange/candle_series.ts";
import { createSimulatedMarket } from "../exchange/simulated/market.ts";
import { type AgentBehavior, runBacktest } from "./engine.ts";
import type { ModelPeer } from "./model_peer.ts";

/** Candles of the simulated market that a template is run over. */
export const SIMULATED_CANDLES = 20_000;

/** Candles for one that asks models, which takes a hundred times as long. */
export const MODEL_CANDLES = 4_000;

/** 00:00 UTC of 2024-01-01: where the simulated candles begin. */
const SIMULATED_FROM_AT = Date.UTC(2024, 0, 1);

/**
 * Reads the daily candles of the sample package: `Date,Open,High,Low,Close,Adj
 * Close,Volume`, the traded prices and not the adjusted ones.
 */
export function readSampleCandles(csv: string): CandleSeries {
  const rows = csv.trim().split("\n").slice(1).map((line) => line.split(","));
  return seriesFromCandles(rows.map((row) => ({
    openAt: Date.parse(`${row[0]}T00:00:00Z`),
    open: Number(row[1]),
    high: Number(row[2]),
    low: Number(row[3]),
    close: Number(row[4]),
    volume: Number(row[6]),
  })));
}

/** Runs a template over the sample candles and over its own simulated market. */
export async function runTemplate(
  template: AgentTemplate,
  options: {
    sample: CandleSeries;
    behavior: AgentBehavior;
    /** For a template that asks models. */
    models?: ModelPeer;
  },
): Promise<readonly TemplateResult[]> {
  const { sample, ...run } = options;
  const own = agentConfigSchema.parse({ ...template.config, name: "Template" });
  const onSample: AgentConfig = {
    ...own,
    symbol: "AAPL/USD",
    timeframe: "1d",
  };
  return [
    await resultOf({
      source: "Apple shares, daily, real prices",
      simulatedCandles: false,
      candles: sample,
      config: onSample,
      ...run,
    }),
    await resultOf({
      source: "Simulated market, seed 1",
      simulatedCandles: true,
      candles: simulatedCandles(own),
      config: own,
      ...run,
    }),
  ];
}

function simulatedCandles(
  { symbol, timeframe, type }: AgentConfig,
): CandleSeries {
  const length = type === "decision_engine" ? MODEL_CANDLES : SIMULATED_CANDLES;
  const market = createSimulatedMarket({
    seed: 1,
    genesisAt: SIMULATED_FROM_AT,
    symbol,
    timeframe,
  });
  return seriesFromCandles(
    Array.from({ length }, (_, seq) => market.candle(seq)),
  );
}

async function resultOf(options: {
  source: string;
  simulatedCandles: boolean;
  candles: CandleSeries;
  config: AgentConfig;
  behavior: AgentBehavior;
  models?: ModelPeer;
}): Promise<TemplateResult> {
  const { candles, config, source, simulatedCandles } = options;
  const run = await runBacktest(options);
  const last = candles.length - 1;
  const held = candles.candle(last).close / candles.candle(0).open - 1;
  return {
    source,
    simulatedCandles,
    symbol: config.symbol,
    timeframe: config.timeframe,
    candles: run.candles,
    firstAt: candles.openAt(0),
    lastAt: candles.openAt(last),
    trades: run.trades,
    netPnl: run.netPnl,
    returnPct: run.returnPct,
    maxDrawdownPct: run.maxDrawdownPct,
    sharpe: run.sharpe,
    profitFactor: run.profitFactor,
    winRatePct: run.winRatePct,
    feesPaid: run.feesPaid,
    buyAndHoldPct: Number((100 * held).toFixed(6)),
    tradesHash: run.tradesHash,
  };
}
