/**
 * Door of the trading domain, read by the main isolate only: the registry of
 * agent types, the templates, and the pure behaviours for hosts that run them
 * inline (backtests, simulations). Workers load worker.ts instead.
 *
 * @module
 */
import type { AgentConfig, AgentType } from "../lib/contracts/agent_config.ts";
import { TIMEFRAME_MS } from "../lib/contracts/candle.ts";
import { patternDetector } from "./pattern_detector.ts";

export {
  patternDetector,
  type PatternDetectorConfig,
  type PatternDetectorSnapshot,
} from "./pattern_detector.ts";
export type { PatternDetectorQuery, PatternDetectorVitals } from "./queries.ts";
export { packCandles, type PackedCandles } from "./market/candle_batch.ts";
export { CandleSeries } from "./market/candle_series.ts";
export { DetectorSet, type DetectorSetSnapshot } from "./smc/detector_set.ts";
export { buildOverlay, type OverlayOptions } from "./smc/overlay.ts";
export { TEMPLATES } from "./templates.ts";

/** What one agent is expected to use. Estimates, to be labelled as such. */
export interface AgentResources {
  cores: number;
  memoryMiB: number;
  /** Candles, steps and decisions over links plus reports to the owner. */
  messagesPerMinute: number;
}

/** What the platform knows of an agent type. */
export interface AgentTypeEntry {
  /** Name of the behaviour that runs it. */
  behavior: string;
  title: string;
  purpose: string;
  available: boolean;
  /** One sentence where it is not available, else null. */
  unavailableReason: string | null;
  /** The latency that the specification names for it. */
  specLatency: string;
  estimate(config: AgentConfig): AgentResources;
}

/** Compute time of one candle in all, with messages: measured 0.003 ms warm, rounded up for a cold worker. */
const CANDLE_MS = 0.02;

/** Candle, step, decision, and a report now and then. */
const MESSAGES_PER_CANDLE = 4;

/** Candles a minute of a replay at full speed, bounded by one round trip to the desk per candle. */
const FULL_SPEED_CANDLES_PER_MINUTE = 600_000;

const MINUTE_MS = 60_000;

/** The four agent types of the product. */
export const AGENT_REGISTRY: Readonly<Record<AgentType, AgentTypeEntry>> = {
  pattern_detector: {
    behavior: patternDetector.name,
    title: "SMC Pattern Detector",
    purpose:
      "Finds order blocks, breaks of structure, fair value gaps and liquidity pools on closed candles, and trades them by its enabled strategies",
    available: true,
    unavailableReason: null,
    specLatency: "< 10 ms per candle",
    estimate: (config) => estimateResources(config, { memoryMiB: 15 }),
  },
  decision_engine: {
    behavior: "decision_engine",
    title: "ML Decision Engine",
    purpose:
      "Combines the votes of LSTM, Transformer and PPO models into decisions",
    available: false,
    unavailableReason:
      "This version ships no trained models, so the engine would have nothing to decide with.",
    specLatency: "< 5 ms per decision",
    estimate: (config) => estimateResources(config, { memoryMiB: 60 }),
  },
  executor: {
    behavior: "executor",
    title: "Ultra-Low Latency Executor",
    purpose:
      "Carries out the decisions of other agents with its own order types, slicing and retry policy",
    available: false,
    unavailableReason:
      "This version does not yet wire agents to each other, so an executor would have no decisions to carry out.",
    specLatency: "< 1 ms from decision to bytes on the socket",
    estimate: (config) => estimateResources(config, { memoryMiB: 15 }),
  },
  risk_manager: {
    behavior: "risk_manager",
    title: "Risk Manager",
    purpose:
      "Watches value at risk, exposure and drawdown of the agents it guards",
    available: false,
    unavailableReason:
      "This version has no risk manager yet; the hard limits of every agent hold at the desk without one.",
    specLatency: "< 20 ms per assessment",
    estimate: (config) => estimateResources(config, { memoryMiB: 15 }),
  },
};

function estimateResources(
  config: AgentConfig,
  options: { memoryMiB: number },
): AgentResources {
  const candles = candlesPerMinute(config);
  return {
    cores: roundTo(Math.min(1, candles * CANDLE_MS / MINUTE_MS + 0.005), 3),
    memoryMiB: options.memoryMiB,
    messagesPerMinute: roundTo(candles * MESSAGES_PER_CANDLE, 2),
  };
}

function candlesPerMinute(config: AgentConfig): number {
  const realTime = MINUTE_MS / TIMEFRAME_MS[config.timeframe];
  if (config.feed.kind !== "replay") return realTime;
  return config.feed.speed === "max"
    ? FULL_SPEED_CANDLES_PER_MINUTE
    : Math.min(FULL_SPEED_CANDLES_PER_MINUTE, realTime * config.feed.speed);
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
