/**
 * What an agent is expected to use, by type. `deno task bench --only resources`
 * runs real agents in their workers (idle, on simulated markets of a few speeds
 * and timeframes, in a replay at full speed), reads CPU time, heap and messages
 * off their heartbeats and prints the figures that stand here; `residentMiB` is
 * `agent.memory` of the same command, over a hundred detectors, and for other
 * types what their heap is larger by on top.
 * docs/operations.md says how near the estimates come.
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
  /** Messages over its links without candles. */
  idleMessagesPerMinute: number;
  /** CPU time of one candle with its messages, where candles come one by one: most of it is waking up. */
  candleMs: number;
  messagesPerCandle: number;
  /** Highest heap of a worker with hardly a candle, and what each candle a second adds: garbage between two collections. */
  baseHeapMiB: number;
  heapMiBPerCandlePerSecond: number;
  /** Resident memory that one more agent with hardly a candle adds to the process. */
  residentMiB: number;
  /** What it uses where the next candle is always there; no agent uses more. Candles are taken together then, and messages cost less. */
  fullSpeed: {
    candlesPerMinute: number;
    cores: number;
    heapMiB: number;
    messagesPerMinute: number;
  };
}

const DETECTOR: ResourceModel = {
  idleCores: 0.002,
  idleMessagesPerMinute: 0,
  candleMs: 0.23,
  messagesPerCandle: 3,
  baseHeapMiB: 7.5,
  heapMiBPerCandlePerSecond: 0.03,
  residentMiB: 15,
  fullSpeed: {
    candlesPerMinute: 900_000,
    cores: 0.27,
    heapMiB: 22,
    messagesPerMinute: 1_700_000,
  },
};

/** Measured behind a detector; its models run in a worker that all engines share. */
const ENGINE: ResourceModel = {
  idleCores: 0.0024,
  idleMessagesPerMinute: 4,
  candleMs: 0.75,
  messagesPerCandle: 7,
  baseHeapMiB: 8.5,
  heapMiBPerCandlePerSecond: 0.12,
  residentMiB: 16,
  fullSpeed: {
    candlesPerMinute: 67_000,
    cores: 0.2,
    heapMiB: 27,
    messagesPerMinute: 340_000,
  },
};

/** Measured behind a decision engine, whose models bound the full speed. */
const EXECUTOR: ResourceModel = {
  idleCores: 0.0024,
  idleMessagesPerMinute: 2,
  candleMs: 0.4,
  messagesPerCandle: 4,
  baseHeapMiB: 8,
  heapMiBPerCandlePerSecond: 0.04,
  residentMiB: 15,
  fullSpeed: {
    candlesPerMinute: 67_000,
    cores: 0.1,
    heapMiB: 14,
    messagesPerMinute: 205_000,
  },
};

/** It is told of the accounts it guards ten times a second at most, whatever the candles; measured with one of them. */
const RISK_MANAGER: ResourceModel = {
  idleCores: 0.0028,
  idleMessagesPerMinute: 60,
  candleMs: 0.5,
  messagesPerCandle: 1,
  baseHeapMiB: 7.5,
  heapMiBPerCandlePerSecond: 0.06,
  residentMiB: 15,
  fullSpeed: {
    candlesPerMinute: 600,
    cores: 0.0078,
    heapMiB: 8.1,
    messagesPerMinute: 650,
  },
};

/** One row for each agent type. */
export const RESOURCE_MODELS: Readonly<Record<AgentType, ResourceModel>> = {
  pattern_detector: DETECTOR,
  decision_engine: ENGINE,
  executor: EXECUTOR,
  risk_manager: RISK_MANAGER,
};

const MINUTE_MS = 60_000;

/** What an agent of a model uses where so many candles come in a minute; `Infinity` for as fast as it decides. */
export function estimateAt(
  model: ResourceModel,
  candlesPerMinute: number,
): Omit<AgentResources, "apiCallsPerMinute"> {
  const { fullSpeed } = model;
  const perMinute = Math.min(candlesPerMinute, fullSpeed.candlesPerMinute);
  const heapMiB = Math.min(
    model.baseHeapMiB + perMinute / 60 * model.heapMiBPerCandlePerSecond,
    fullSpeed.heapMiB,
  );
  const cores = model.idleCores + perMinute * model.candleMs / MINUTE_MS;
  const messages = model.idleMessagesPerMinute +
    perMinute * model.messagesPerCandle;
  return {
    cores: roundTo(Math.min(cores, fullSpeed.cores), 4),
    memoryMiB: roundTo(model.residentMiB + heapMiB - model.baseHeapMiB, 1),
    heapMiB: roundTo(heapMiB, 1),
    messagesPerMinute: roundTo(
      Math.min(messages, fullSpeed.messagesPerMinute),
      2,
    ),
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
  const { feed } = config;
  const perMinute = candlesPerMinute(config, options);
  return {
    ...estimateAt(RESOURCE_MODELS[config.type], perMinute),
    // Where prices are an exchange's there is a venue, on paper or real.
    apiCallsPerMinute: feed.kind === "exchange" ? null : 0,
  };
}

function candlesPerMinute(
  { feed, timeframe }: AgentConfig,
  { timeframeMs, simulationSpeed }: Parameters<typeof estimateAgent>[1],
): number {
  const realTime = MINUTE_MS / timeframeMs[timeframe];
  switch (feed.kind) {
    case "exchange":
      return realTime;
    case "simulated":
      return realTime * simulationSpeed;
    case "replay":
      return feed.speed === "max" ? Infinity : realTime * feed.speed;
  }
}

function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
