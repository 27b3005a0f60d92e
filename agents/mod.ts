/**
 * Door of the trading domain, read by the main isolate only: the registry of
 * agent types, the templates, and the pure behaviours for hosts that run them
 * inline (backtests, simulations). Workers load worker.ts instead.
 *
 * @module
 */
import type { AgentConfig, AgentType } from "../lib/contracts/agent_config.ts";
import { TIMEFRAME_MS } from "../lib/contracts/candle.ts";
import { decisionEngine } from "./decision_engine.ts";
import { executor } from "./executor.ts";
import { patternDetector } from "./pattern_detector.ts";
import { riskManager } from "./risk_manager.ts";

export {
  patternDetector,
  type PatternDetectorConfig,
  type PatternDetectorSnapshot,
} from "./pattern_detector.ts";
export { behaviorNamed, behaviorOf } from "./all_behaviors.ts";
export { riskManager } from "./risk_manager.ts";
export type {
  AgentQuestion,
  AgentVitalsAnswer,
  EnsembleView,
} from "./queries.ts";
export { packCandles, type PackedCandles } from "./market/candle_batch.ts";
export { CandleSeries } from "./market/candle_series.ts";
export { DetectorSet, type DetectorSetSnapshot } from "./smc/detector_set.ts";
export type {
  CandleColumns,
  ColumnFormat,
  ReferenceColumn,
} from "./smc/reference/columns.ts";
export {
  computeReference,
  REFERENCE_INDICATORS,
  type ReferenceIndicator,
  type ReferenceOptions,
} from "./smc/reference/mod.ts";
export {
  type Period,
  PERIOD_NAMES,
  tryPeriod,
} from "./smc/reference/period.ts";
export {
  SESSION_WINDOWS,
  type SessionWindow,
  TIME_ZONE_NAMES,
  tryMinuteOfDay,
  tryShiftMinutes,
} from "./smc/reference/sessions.ts";
export { buildOverlay, type OverlayOptions } from "./smc/overlay.ts";
export { fundingTimes } from "./execution/costs.ts";
export * as portfolioRisk from "./risk/portfolio/mod.ts";
export { TEMPLATES } from "./templates.ts";
export { TEAM_TEMPLATES } from "./team_templates.ts";

/** What one agent is expected to use. Estimates, to be labelled as such. */
export interface AgentResources {
  cores: number;
  memoryMiB: number;
  /** Candles, steps and decisions over links plus reports to the owner. */
  messagesPerMinute: number;
}

/** What the platform needs to run an agent type; what people are told of it is in contracts/agent_types.ts. */
export interface AgentTypeEntry {
  /** Name of the behaviour that runs it. */
  behavior: string;
  /** `simulationSpeed`: simulated market time per real time. */
  estimate(
    config: AgentConfig,
    options: { simulationSpeed: number },
  ): AgentResources;
}

/** What a kind of agent takes, measured and rounded up for a cold worker. */
interface Consumption {
  memoryMiB: number;
  /** Compute time of one candle in all, with messages. */
  candleMs: number;
  messagesPerCandle: number;
}

/** Candle, step, decision, and a report now and then; 0.003 ms warm. */
const PLAIN: Consumption = {
  memoryMiB: 15,
  candleMs: 0.02,
  messagesPerCandle: 4,
};

/** Window and votes on top, and runs of three models: 0.3 ms. The worker of the models takes 170 MB once, for all. */
const WITH_MODELS: Consumption = {
  memoryMiB: 20,
  candleMs: 0.5,
  messagesPerCandle: 6,
};

/** Candles a minute of a replay at full speed, bounded by one round trip to the desk per candle. */
const FULL_SPEED_CANDLES_PER_MINUTE = 600_000;

const MINUTE_MS = 60_000;

/** The four agent types of the product. */
export const AGENT_REGISTRY: Readonly<Record<AgentType, AgentTypeEntry>> = {
  pattern_detector: createEntry(patternDetector.name, PLAIN),
  decision_engine: createEntry(decisionEngine.name, WITH_MODELS),
  executor: createEntry(executor.name, PLAIN),
  risk_manager: {
    behavior: riskManager.name,
    // It hears of each desk ten times a second at most, whatever the candles.
    estimate: () => ({ cores: 0.02, memoryMiB: 25, messagesPerMinute: 660 }),
  },
};

function createEntry(
  behavior: string,
  consumption: Consumption,
): AgentTypeEntry {
  return {
    behavior,
    estimate: (config, { simulationSpeed }) =>
      estimateResources(config, { ...consumption, simulationSpeed }),
  };
}

function estimateResources(
  config: AgentConfig,
  options: Consumption & { simulationSpeed: number },
): AgentResources {
  const candles = candlesPerMinute(config, options.simulationSpeed);
  return {
    cores: roundTo(
      Math.min(1, candles * options.candleMs / MINUTE_MS + 0.005),
      3,
    ),
    memoryMiB: options.memoryMiB,
    messagesPerMinute: roundTo(candles * options.messagesPerCandle, 2),
  };
}

function candlesPerMinute(
  config: AgentConfig,
  simulationSpeed: number,
): number {
  const realTime = MINUTE_MS / TIMEFRAME_MS[config.timeframe];
  if (config.feed.kind === "simulated") return realTime * simulationSpeed;
  if (config.feed.kind === "exchange") return realTime;
  return config.feed.speed === "max"
    ? FULL_SPEED_CANDLES_PER_MINUTE
    : Math.min(FULL_SPEED_CANDLES_PER_MINUTE, realTime * config.feed.speed);
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
