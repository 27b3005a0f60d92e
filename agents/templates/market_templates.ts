import type { SizingConfig } from "../../lib/contracts/strategies.ts";
import type { CostsConfig } from "../../lib/contracts/costs.ts";
import {
  BASE,
  BREAKOUT,
  LATENCY,
  LIQUIDITY_SWEEP,
  MEAN_REVERSION,
  NO_STRATEGIES,
  RISK,
  SIZING,
  STRATEGIES,
  type TemplateDefinition,
} from "./parts.ts";

/** With the funding that a perpetual market charges most of the time. */
const PERPETUAL_COSTS: CostsConfig = { ...BASE.costs, fundingBpPer8h: 1 };

/** Entries whose costs would eat a third of the risk are left out. */
const COST_AWARE: SizingConfig = { ...SIZING, maxCostPct: 33 };

/** Templates that enter at the market when a candle has closed. */
export const MARKET_TEMPLATES: readonly TemplateDefinition[] = [
  {
    name: "sweep-sessions",
    title: "Sweeps of sessions and days",
    type: "pattern_detector",
    purpose:
      "Enters against a wick that took the high or low of a session, a day or a week and closed back inside. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Markets that run stops at known levels and turn back, most of all around the opens of London and New York.",
    risk:
      "A level that is taken on the way to a trend looks the same; such a day brings several losses.",
    patterns: ["Liquidity sweeps", "Sessions", "Previous day and week"],
    riskLevel: "moderate",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      timeframe: "15m",
      costs: PERPETUAL_COSTS,
      sizing: COST_AWARE,
      strategies: {
        ...NO_STRATEGIES,
        liquiditySweep: {
          ...LIQUIDITY_SWEEP,
          enabled: true,
          useSwing: false,
          useEqualLevels: false,
        },
      },
    },
  },
  {
    name: "sweep-confirmed",
    title: "Sweeps with a confirmed turn",
    type: "pattern_detector",
    purpose:
      "Waits after a sweep of equal highs or lows or of a swing until the inner structure turns, then enters. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Ranges with clear edges, where a turn that shows in the small structure goes on to the other side.",
    risk:
      "The turn is confirmed late, so the stop is far and the target may be near; many setups are skipped.",
    patterns: ["Liquidity sweeps", "Equal highs and lows", "Internal CHoCH"],
    riskLevel: "conservative",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      timeframe: "5m",
      risk: RISK.conservative,
      costs: PERPETUAL_COSTS,
      sizing: COST_AWARE,
      strategies: {
        ...NO_STRATEGIES,
        liquiditySweep: {
          ...LIQUIDITY_SWEEP,
          enabled: true,
          entry: "internal_choch",
          usePreviousDay: false,
          usePreviousWeek: false,
          useSession: false,
          maxHoldCandles: 60,
        },
      },
    },
  },
  {
    name: "breakout-trail",
    title: "Breakout with a trailing stop",
    type: "pattern_detector",
    purpose:
      "Buys a close above the channel after a quiet stretch, sells below it, and lets the stop follow. A rule set to test: no edge is claimed.",
    whenItWorks:
      "Markets that go from quiet to trending and stay there; a few long trends must pay for the rest.",
    risk:
      "Most breakouts fail, so long runs of losses are normal; gaps jump the stop.",
    patterns: ["Donchian channel", "Quiet stretches", "Volume"],
    riskLevel: "moderate",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      timeframe: "1h",
      costs: PERPETUAL_COSTS,
      sizing: { ...COST_AWARE, method: "volatility" },
      strategies: {
        ...NO_STRATEGIES,
        breakout: { ...BREAKOUT, enabled: true, exit: "trail", stopAtr: 1.5 },
      },
    },
  },
  {
    name: "breakout-structure",
    title: "Breakout of the last swing",
    type: "pattern_detector",
    purpose:
      "Enters on a decisive close beyond the last swing with a fixed target, and leaves when the close comes back. A rule set to test: no edge is claimed.",
    whenItWorks: "Trends that pause at swings and go on with strength.",
    risk:
      "In ranges every swing is broken once and taken back; costs of the failed tries add up.",
    patterns: ["BOS", "Swings", "Volume"],
    riskLevel: "conservative",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      timeframe: "15m",
      risk: RISK.conservative,
      costs: PERPETUAL_COSTS,
      sizing: COST_AWARE,
      detector: { ...BASE.detector, swingLength: 10, internalSwingLength: 4 },
      strategies: {
        ...NO_STRATEGIES,
        breakout: {
          ...BREAKOUT,
          enabled: true,
          level: "swing",
          volumeRatio: 0,
        },
      },
    },
  },
  {
    name: "mean-reversion-range",
    title: "Return to the mean in ranges",
    type: "pattern_detector",
    purpose:
      "Fades a close two standard deviations from its mean while no trend is measured. A rule set to test: no edge is claimed.",
    whenItWorks: "Quiet markets that swing around a mean.",
    risk:
      "A range ends in a trend, and the last fade is the one that runs to its stop.",
    patterns: ["Mean and deviation", "ADX", "Structure as exit"],
    riskLevel: "conservative",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      timeframe: "1h",
      risk: RISK.conservative,
      costs: PERPETUAL_COSTS,
      sizing: COST_AWARE,
      strategies: {
        ...NO_STRATEGIES,
        meanReversion: { ...MEAN_REVERSION, enabled: true, minRewardRisk: 1 },
      },
    },
  },
  {
    name: "all-strategies-kelly",
    title: "All strategies, sized by results",
    type: "pattern_detector",
    purpose:
      "Runs all five strategies on one market, one position at a time, and risks less while its last trades lose. A rule set to test: no edge is claimed.",
    whenItWorks:
      "As a comparison of the strategies on one market: the report splits the trades by strategy.",
    risk:
      "Strategies take each other's place; sizes follow results that may be luck.",
    patterns: [
      "Order blocks",
      "Fair value gaps",
      "Liquidity sweeps",
      "Breakouts",
      "Mean reversion",
    ],
    riskLevel: "moderate",
    version: 1,
    typicalLatency: LATENCY,
    config: {
      ...BASE,
      timeframe: "1h",
      costs: PERPETUAL_COSTS,
      sizing: { ...COST_AWARE, method: "kelly" },
      strategies: {
        ...STRATEGIES,
        liquiditySweep: { ...LIQUIDITY_SWEEP, enabled: true },
        breakout: { ...BREAKOUT, enabled: true },
        meanReversion: { ...MEAN_REVERSION, enabled: true },
      },
    },
  },
];
