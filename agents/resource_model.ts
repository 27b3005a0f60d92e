/**
 * What an agent is expected to use, by type. The figures are measured, not
 * guessed: `deno task bench --only resources` runs real agents in their workers
 * and prints them; docs/operations.md says how near they come.
 *
 * @module
 */
import type { AgentConfig, AgentType } from "../lib/contracts/agent_config.ts";
import type { Timeframe } from "../lib/contracts/candle.ts";

/** What one agent is expected to use. Estimates, to be labelled as such. */
export interface AgentResources {
  /** Parts of one core. */
  cores: number;
  /** What one more agent adds to the memory of the process. */
  memoryMiB: number;
  /** The highest heap of its worker, garbage included. */
  heapMiB: number;
  /** Messages over its links, both ways. */
  messagesPerMinute: number;
  /** Null where it depends on how often it trades. */
  apiCallsPerMinute: number | null;
}

/** The measured figures of one agent type. */
export interface ResourceModel {
  /** Processor time of a worker without candles: heartbeats, timers, questions of the owner. In parts of one core. */
  idleCores: number;
  /** CPU time of one candle in a worker, with its messages, at rates up to some hundred a second. */
  candleMs: number;
  /** The same where candles come without pause: the code is compiled by then, and messages are taken together. */
  candleMsAtFullSpeed: number;
  messagesPerCandle: number;
  /** Highest heap of a worker that has seen no candle yet, and what each candle adds that is kept. */
  baseHeapMiB: number;
  heapKiBPerCandle: number;
  /** Candles that are kept at most. */
  keptCandles: number;
  /** Resident memory that one more agent adds. */
  residentMiB: number;
}

const DETECTOR: ResourceModel = {
  idleCores: 0.005,
  candleMs: 0.02,
  candleMsAtFullSpeed: 0.02,
  messagesPerCandle: 3,
  baseHeapMiB: 5,
  heapKiBPerCandle: 1,
  keptCandles: 1_024,
  residentMiB: 15,
};

/** One row for each agent type. */
export const RESOURCE_MODELS: Readonly<Record<AgentType, ResourceModel>> = {
  pattern_detector: DETECTOR,
  // These cannot be spawned yet; their rows are the detector's until measured.
  decision_engine: { ...DETECTOR, residentMiB: 60 },
  executor: DETECTOR,
  risk_manager: DETECTOR,
};

/** How fast candles come to an agent. */
export interface CandleRate {
  perMinute: number;
  isFullSpeed: boolean;
}

/** Candles a minute of a replay at full speed, bounded by one round trip to the desk for each. */
export const FULL_SPEED_CANDLES_PER_MINUTE = 600_000;

const MINUTE_MS = 60_000;

/** What an agent of a model uses where candles come at a rate. */
export function estimateFrom(
  model: ResourceModel,
  { perMinute, isFullSpeed }: CandleRate,
): Omit<AgentResources, "apiCallsPerMinute"> {
  const candleMs = isFullSpeed ? model.candleMsAtFullSpeed : model.candleMs;
  const cores = model.idleCores + perMinute * candleMs / MINUTE_MS;
  const heapMiB = model.baseHeapMiB +
    model.keptCandles * model.heapKiBPerCandle / 1_024;
  return {
    cores: roundTo(Math.min(1, cores), 4),
    memoryMiB: model.residentMiB,
    heapMiB: roundTo(heapMiB, 1),
    messagesPerMinute: roundTo(perMinute * model.messagesPerCandle, 2),
  };
}

/**
 * What an agent will use, from its type and configuration.
 *
 * @param timeframeMs Lengths of the timeframes.
 * @param simulationSpeed Simulated market time per real time.
 */
export function estimateAgent(
  config: AgentConfig,
  options: {
    timeframeMs: Readonly<Record<Timeframe, number>>;
    simulationSpeed: number;
  },
): AgentResources {
  return {
    ...estimateFrom(RESOURCE_MODELS[config.type], candleRate(config, options)),
    // Where prices are an exchange's there is a venue, on paper or real.
    apiCallsPerMinute: config.feed.kind === "exchange" ? null : 0,
  };
}

function candleRate(
  { feed, timeframe }: AgentConfig,
  { timeframeMs, simulationSpeed }: Parameters<typeof estimateAgent>[1],
): CandleRate {
  const realTime = MINUTE_MS / timeframeMs[timeframe];
  if (feed.kind === "exchange") {
    return { perMinute: realTime, isFullSpeed: false };
  }
  const speed = feed.kind === "simulated" ? simulationSpeed : feed.speed;
  const perMinute = speed === "max" ? Infinity : realTime * speed;
  return {
    perMinute: Math.min(FULL_SPEED_CANDLES_PER_MINUTE, perMinute),
    isFullSpeed: perMinute >= FULL_SPEED_CANDLES_PER_MINUTE,
  };
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
