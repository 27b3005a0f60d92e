import { patternDetector } from "../../../agents/pattern_detector.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import { loadCandleFile } from "../../../lib/exchange/candle_file.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../../lib/exchange/candle_series.ts";
import { createSimulatedMarket } from "../../../lib/exchange/simulated/market.ts";
import type { AgentBehavior } from "../../../lib/backtest/engine.ts";

/** 3,000 candles of 15 minutes, made by the simulated market. */
export const FIXTURE = new URL(
  "../../fixtures/simulated-btcusdt-15m.csv",
  import.meta.url,
).pathname;

export const behavior: AgentBehavior = patternDetector;

/** A pattern detector that trades a lot and is stopped late. */
export function testConfig(): AgentConfig {
  return agentConfigSchema.parse({
    name: "Backtest",
    type: "pattern_detector",
    symbol: "BTC/USDT",
    timeframe: "15m",
    risk: {
      initialCapital: "10000",
      leverage: 5,
      riskLevel: "moderate",
      maxDrawdownPct: 50,
      dailyLossLimit: "10000",
      riskPerTradePct: 0.5,
    },
    safety: { breakerConsecutiveLosses: 0 },
  });
}

/** The same agent with pairs alone, on the candles of `pairCandles`. */
export function pairsConfig(config: AgentConfig = testConfig()): AgentConfig {
  const { strategies } = config;
  return {
    ...config,
    timeframe: "1m",
    strategies: {
      ...strategies,
      orderBlock: { ...strategies.orderBlock, enabled: false },
      fvg: { ...strategies.fvg, enabled: false },
      pairs: { ...strategies.pairs, enabled: true, windowCandles: 200 },
    },
  };
}

/** Candles with a second market as a series with one. */
export function seriesOfPairs(candles: readonly Candle[]): CandleSeries {
  return seriesFromCandles(candles).withHedge(
    seriesFromCandles(
      candles.map(({ openAt, hedge }) => ({ openAt, ...hedge! })),
    ),
  );
}

export function fixture(): Promise<CandleSeries> {
  return loadCandleFile(FIXTURE);
}

/** The first `count` candles of a series. */
export function prefixOf(candles: CandleSeries, count: number): CandleSeries {
  return seriesFromCandles(
    Array.from({ length: count }, (_, seq) => candles.candle(seq)),
  );
}

/** Candles of the simulated market. */
export function simulated(seed: number, count: number): CandleSeries {
  const market = createSimulatedMarket({
    seed,
    symbol: "BTC/USDT",
    timeframe: "15m",
    genesisAt: 0,
  });
  return seriesFromCandles(
    Array.from({ length: count }, (_, seq) => market.candle(seq)),
  );
}
