import { PRESET_COSTS } from "./execution/costs.ts";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import type { AgentConfig, RiskConfig } from "../lib/contracts/agent_config.ts";
import { TEMPLATE_RESULTS } from "./template_results.ts";
import type {
  BreakoutStrategyConfig,
  FvgStrategyConfig,
  LiquiditySweepStrategyConfig,
  MeanReversionStrategyConfig,
  OrderBlockStrategyConfig,
  SizingConfig,
  StrategiesConfig,
} from "../lib/contracts/strategies.ts";

/** Compute time of the detectors; what a fill takes is the venue's matter. */
const LATENCY =
  "0.05 ms a candle inside the worker (target, 99th percentile on 2 cores)";

/** Limits per risk level for 10,000 in quote currency (docs/trading-model.md). */
const RISK: Readonly<Record<"conservative" | "moderate", RiskConfig>> = {
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

const ORDER_BLOCK: OrderBlockStrategyConfig = {
  enabled: true,
  entryAt: "edge",
  maxAgeCandles: 50,
  stopBufferAtr: 0.1,
  minRewardRisk: 1.5,
  targetR: 2,
};

const FVG: FvgStrategyConfig = {
  enabled: true,
  entryAt: "edge",
  minGapAtr: 0.5,
  minBodyPct: 60,
  maxAgeCandles: 30,
  stopBufferAtr: 0.1,
  minRewardRisk: 1.5,
  targetR: 2,
};

const LIQUIDITY_SWEEP: LiquiditySweepStrategyConfig = {
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

const BREAKOUT: BreakoutStrategyConfig = {
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

const MEAN_REVERSION: MeanReversionStrategyConfig = {
  enabled: false,
  maxAdx: 20,
  entryZ: 2,
  windowCandles: 20,
  stopAtr: 1.5,
  exitZ: 0,
  maxHoldCandles: 20,
  minRewardRisk: 1.5,
};

const PAIRS: StrategiesConfig["pairs"] = {
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
const STRATEGIES: StrategiesConfig = {
  orderBlock: ORDER_BLOCK,
  fvg: FVG,
  liquiditySweep: LIQUIDITY_SWEEP,
  breakout: BREAKOUT,
  meanReversion: MEAN_REVERSION,
  pairs: PAIRS,
};

const SIZING: SizingConfig = {
  method: "fixed_fractional",
  targetVolatilityPct: 0,
  referenceCandles: 500,
  kellyTrades: 50,
  kellySharePct: 25,
  minFactor: 0.25,
  maxCostPct: 100,
};

/** What all templates share: BTC/USDT in one-minute candles on the simulated market, paper trading. */
const BASE: Omit<AgentConfig, "name"> = {
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
  safety: {
    maxOrdersPerMinute: 30,
    maxOpenOrders: 5,
    breakerConsecutiveLosses: 12,
  },
  signalsOnly: false,
  seed: 1,
};

/** Starting points to test, not advice: none of them is known to earn money. */
const DEFINITIONS: readonly Omit<AgentTemplate, "origin" | "results">[] = [
  {
    name: "order-block-conservative",
    title: "Order block retest, conservative",
    type: "pattern_detector",
    purpose:
      "Waits for the first return to a displaced order block of the larger swings and risks little on each trade. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Trending markets with clear legs, on timeframes where a stop is wide against the costs.",
    risk:
      "Many small losses in ranges: a block in a range is broken as often as it holds.",
    patterns: ["Order blocks", "BOS and CHoCH", "Liquidity pools"],
    riskLevel: "conservative",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      risk: RISK.conservative,
      // Three times the default swing and wait: fewer, larger structures, less weight of costs.
      detector: {
        ...BASE.detector,
        swingLength: 15,
        internalSwingLength: 5,
        maxZoneAgeCandles: 1500,
      },
      strategies: {
        ...STRATEGIES,
        orderBlock: { ...ORDER_BLOCK, maxAgeCandles: 150, stopBufferAtr: 0.25 },
        fvg: { ...FVG, enabled: false },
      },
      safety: { ...BASE.safety, breakerConsecutiveLosses: 5 },
    },
  },
  {
    name: "fvg-moderate",
    title: "Fair value gap, moderate",
    type: "pattern_detector",
    purpose:
      "Enters on the return into a large fair value gap in the direction of structure. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Impulsive markets, where price leaves gaps and comes back once before it goes on.",
    risk:
      "Strong moves fill a gap and do not stop; on short timeframes costs eat small gaps.",
    patterns: ["Fair value gaps", "BOS and CHoCH"],
    riskLevel: "moderate",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      strategies: {
        ...STRATEGIES,
        orderBlock: { ...ORDER_BLOCK, enabled: false },
      },
    },
  },
  {
    name: "structure-combined",
    title: "Order blocks and gaps together",
    type: "pattern_detector",
    purpose:
      "Runs both strategies with their defaults, one position at a time; for replays of one-minute candles. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Markets that alternate between legs and pullbacks; it needs many candles to say anything.",
    risk:
      "Two strategies lose together when structure turns often; costs weigh on one-minute candles.",
    patterns: [
      "Order blocks",
      "Fair value gaps",
      "BOS and CHoCH",
      "Liquidity pools",
    ],
    riskLevel: "moderate",
    version: 1,
    typicalLatency: LATENCY,
    config: BASE,
  },
  {
    name: "pattern-watch",
    title: "Pattern watch, no orders",
    type: "pattern_detector",
    purpose:
      "Reports patterns and the entries it would have planned, and places no orders.",
    whenItWorks: "Any market: it only watches.",
    risk: "None to the account; a signal is no advice.",
    patterns: [
      "Order blocks",
      "Fair value gaps",
      "BOS and CHoCH",
      "Liquidity sweeps",
    ],
    riskLevel: "conservative",
    version: 1,
    typicalLatency: LATENCY,
    config: { ...BASE, risk: RISK.conservative, signalsOnly: true },
  },
];

/** The ready-made configurations, with what each came to on data that everybody has. */
export const TEMPLATES: readonly AgentTemplate[] = DEFINITIONS.map((
  definition,
) => ({
  ...definition,
  origin: "built_in",
  results: TEMPLATE_RESULTS[definition.name] ?? [],
}));
