/**
 * What the ready-made configurations are put together from: the presets of
 * every setting.
 *
 * @module
 */
import { PRESET_EXECUTION } from "../execution_plan/presets.ts";
import { DEFAULT_SAFETY } from "../risk/safety_limits.ts";
import { PRESET_COSTS } from "../execution/costs.ts";
import type { AgentTemplate } from "../../lib/contracts/template.ts";
import type {
  AgentConfig,
  RiskConfig,
} from "../../lib/contracts/agent_config.ts";
import type {
  BreakoutStrategyConfig,
  FvgStrategyConfig,
  LiquiditySweepStrategyConfig,
  MeanReversionStrategyConfig,
  OrderBlockStrategyConfig,
  SizingConfig,
  StrategiesConfig,
} from "../../lib/contracts/strategies.ts";

/** Compute time of the detectors; what a fill takes is the venue's matter. */
export const LATENCY =
  "0.05 ms a candle inside the worker (target, 99th percentile on 2 cores)";

/** Limits per risk level for 10,000 in quote currency (docs/trading-model.md). */
export const RISK: Readonly<Record<"conservative" | "moderate", RiskConfig>> = {
  conservative: {
    initialCapital: "10000",
    leverage: 2,
    riskLevel: "conservative",
    maxDrawdownPct: 5,
    dailyLossLimit: "100",
    riskPerTradePct: 0.25,
  },
  moderate: {
    initialCapital: "10000",
    leverage: 5,
    riskLevel: "moderate",
    maxDrawdownPct: 10,
    dailyLossLimit: "200",
    riskPerTradePct: 0.5,
  },
};

export const ORDER_BLOCK: OrderBlockStrategyConfig = {
  enabled: true,
  entryAt: "edge",
  maxAgeCandles: 50,
  stopBufferAtr: 0.1,
  minRewardRisk: 1.5,
  targetR: 2,
};

export const FVG: FvgStrategyConfig = {
  enabled: true,
  entryAt: "edge",
  minGapAtr: 0.5,
  minBodyPct: 60,
  maxAgeCandles: 30,
  stopBufferAtr: 0.1,
  minRewardRisk: 1.5,
  targetR: 2,
};

export const LIQUIDITY_SWEEP: LiquiditySweepStrategyConfig = {
  enabled: false,
  entry: "next_open",
  chochWithinCandles: 10,
  minWickPct: 40,
  maxPoolAgeCandles: 200,
  useEqualLevels: true,
  usePreviousDay: true,
  usePreviousWeek: true,
  useSession: true,
  useSwing: true,
  stopBufferAtr: 0.1,
  minRewardRisk: 1.5,
  targetR: 2,
  maxHoldCandles: 30,
};

export const BREAKOUT: BreakoutStrategyConfig = {
  enabled: false,
  level: "donchian",
  channelCandles: 20,
  maxSqueezePercentile: 50,
  squeezeCandles: 100,
  volumeRatio: 1.5,
  minBodyPct: 60,
  stopAtr: 1,
  exit: "target",
  targetR: 2,
  trailAtr: 3,
  failWithinCandles: 3,
  minRewardRisk: 1.5,
};

export const MEAN_REVERSION: MeanReversionStrategyConfig = {
  enabled: false,
  maxAdx: 20,
  entryZ: 2,
  windowCandles: 20,
  stopAtr: 1.5,
  exitZ: 0,
  maxHoldCandles: 20,
  minRewardRisk: 1.5,
};

export const PAIRS: StrategiesConfig["pairs"] = {
  enabled: false,
  hedgeSymbol: "ETH/USDT",
  windowCandles: 500,
  minHalfLife: 5,
  maxHalfLife: 100,
  zHalfLives: 4,
  entryZ: 2,
  stopZ: 3.5,
  exitZ: 0.5,
  holdHalfLives: 2,
};

/** The defaults of every strategy, with the two of the templates on. */
export const STRATEGIES: StrategiesConfig = {
  orderBlock: ORDER_BLOCK,
  fvg: FVG,
  liquiditySweep: LIQUIDITY_SWEEP,
  breakout: BREAKOUT,
  meanReversion: MEAN_REVERSION,
  pairs: PAIRS,
};

export const SIZING: SizingConfig = {
  method: "fixed_fractional",
  targetVolatilityPct: 0,
  referenceCandles: 500,
  kellyTrades: 50,
  kellySharePct: 25,
  minFactor: 0.25,
  maxCostPct: 100,
};

export const DECISION: AgentConfig["decision"] = {
  models: ["lstm-1h", "transformer-1h", "ppo-1h"],
  minConfidence: 0.45,
  maxDisagreement: 0.3,
  minVotes: 0,
  entry: "market",
  stopAtr: 2,
  targetAtr: 2,
  maxHoldCandles: 48,
};

/** What all templates share: BTC/USDT in one-minute candles on the simulated market, paper trading. */
export const BASE: Omit<AgentConfig, "name"> = {
  costs: PRESET_COSTS,
  type: "pattern_detector",
  symbol: "BTC/USDT",
  timeframe: "1m",
  mode: "paper",
  feed: { kind: "simulated" },
  risk: RISK.moderate,
  detector: {
    swingLength: 5,
    internalSwingLength: 3,
    liquidityToleranceAtr: 0.1,
    maxZoneAgeCandles: 500,
  },
  strategies: STRATEGIES,
  sizing: SIZING,
  decision: DECISION,
  safety: {
    ...DEFAULT_SAFETY,
    maxOrdersPerMinute: 30,
    maxOpenOrders: 5,
    breakerConsecutiveLosses: 12,
  },
  execution: PRESET_EXECUTION,
  signalsOnly: false,
  sources: [],
  record: false,
  seed: 1,
};

/** Every strategy turned off: a template turns on what it is about. */
export const NO_STRATEGIES: StrategiesConfig = {
  ...STRATEGIES,
  orderBlock: { ...ORDER_BLOCK, enabled: false },
  fvg: { ...FVG, enabled: false },
};

/** A template as it is written down; what it came to is computed. */
export type TemplateDefinition = Omit<AgentTemplate, "origin" | "results">;
