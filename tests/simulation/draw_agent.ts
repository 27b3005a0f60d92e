/** The agents of a scenario, drawn from its dice. Pure. */
import { TEMPLATES } from "../../agents/mod.ts";
import type { AgentConfig } from "../../lib/contracts/agent_config.ts";
import type { WorldSize } from "./limits.ts";
import { Dice } from "./dice.ts";

/** One agent of a scenario. */
export interface AgentPlan {
  config: AgentConfig;
  /** When a person first asks for it. */
  atMs: number;
  /** Candles of its own file; null on the simulated market. */
  candles: number | null;
  /** Nobody commands it, so its trades are to be those of an undisturbed run. */
  isLeftAlone: boolean;
}

/** One agent in so many trades at the market and lets its stops follow. */
const MARKET_ENTRIES_EVERY = 2;

/** Turns the strategies on that enter at the market, with wide doors, by the seed that was drawn. */
export function withMarketEntries(plan: AgentPlan): AgentPlan {
  const { config } = plan;
  if (config.seed % MARKET_ENTRIES_EVERY !== 0) return plan;
  const { breakout, liquiditySweep, meanReversion } = config.strategies;
  config.strategies = {
    ...config.strategies,
    liquiditySweep: {
      ...liquiditySweep,
      enabled: true,
      minWickPct: 0,
      minRewardRisk: 0.5,
      maxHoldCandles: 6,
    },
    breakout: {
      ...breakout,
      enabled: true,
      channelCandles: 5,
      maxSqueezePercentile: 100,
      volumeRatio: 0,
      minBodyPct: 20,
      exit: "trail",
      trailAtr: 1,
    },
    meanReversion: {
      ...meanReversion,
      enabled: true,
      maxAdx: 60,
      entryZ: 1,
      windowCandles: 10,
      minRewardRisk: 0.5,
      maxHoldCandles: 5,
    },
  };
  config.sizing = { ...config.sizing, method: "kelly", kellyTrades: 20 };
  if (plan.candles === null) config.strategies.pairs = WIDE_PAIRS;
  return plan;
}

/** Pairs that the simulated markets, which have nothing in common, make often. */
const WIDE_PAIRS: AgentConfig["strategies"]["pairs"] = {
  enabled: true,
  hedgeSymbol: "SOL/USDT",
  windowCandles: 100,
  minHalfLife: 2,
  maxHalfLife: 500,
  zHalfLives: 2,
  entryZ: 0.8,
  stopZ: 2.5,
  exitZ: 0.4,
  holdHalfLives: 0.5,
};

export function drawAgent(
  dice: Dice,
  { index, size }: { index: number; size: WorldSize },
): AgentPlan {
  const isReplay = index === 0 || dice.chance(0.8);
  const config = structuredClone(
    dice.of(
      // Models take real time, and their worker is no part of this world.
      TEMPLATES.filter(({ config, type }) =>
        !config.signalsOnly && type === "pattern_detector"
      ),
    ).config,
  );
  // Small structures and near targets: many trades on few candles.
  if (dice.chance(0.6)) {
    config.detector.swingLength = 2;
    config.strategies.orderBlock.targetR = 1;
    config.strategies.orderBlock.minRewardRisk = 0.5;
    config.strategies.fvg = {
      ...config.strategies.fvg,
      enabled: true,
      minGapAtr: 0,
      minBodyPct: 0,
      minRewardRisk: 0.5,
      targetR: 1,
    };
  }
  if (dice.chance(0.5)) config.risk.dailyLossLimit = "1000";
  return {
    config: {
      ...config,
      // Every other agent pays funding, and its orders come late.
      costs: index % 2 === 0
        ? config.costs
        : { ...config.costs, fundingBpPer8h: 3, latencyMs: 20_000 },
      name: `agent-${index}`,
      seed: dice.between(1, 1_000_000),
      feed: isReplay
        ? {
          kind: "replay",
          file: `candles-${index}.csv`,
          speed: dice.of([300, 600, 1_200, "max"] as const),
        }
        : { kind: "simulated" },
    },
    atMs: dice.between(0, 4_000),
    candles: isReplay ? dice.between(...size.candles) : null,
    isLeftAlone: index === 0 || dice.chance(0.5),
  };
}
