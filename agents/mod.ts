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
import { type AgentResources, estimateAgent } from "./resource_model.ts";
import { riskManager } from "./risk_manager.ts";

export {
  patternDetector,
  type PatternDetectorConfig,
  type PatternDetectorSnapshot,
} from "./pattern_detector.ts";
export { configEffect } from "./config_change.ts";
export { behaviorNamed, behaviorOf } from "./all_behaviors.ts";
export { riskManager } from "./risk_manager.ts";
export type {
  AgentQuestion,
  AgentVitalsAnswer,
  EnsembleView,
} from "./queries.ts";
export { viewOfDecision } from "./ensemble/decision_view.ts";
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
export { type AgentResources, RESOURCE_MODELS } from "./resource_model.ts";
export { fundingTimes } from "./execution/costs.ts";
export { liquidationDistancePct } from "./risk/liquidation_distance.ts";
export * as portfolioRisk from "./risk/portfolio/mod.ts";
export { TEMPLATES } from "./templates.ts";
export { TEAM_TEMPLATES } from "./team_templates.ts";

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

/** The four agent types of the product. */
export const AGENT_REGISTRY: Readonly<Record<AgentType, AgentTypeEntry>> = {
  pattern_detector: createEntry(patternDetector.name),
  decision_engine: createEntry(decisionEngine.name),
  executor: createEntry(executor.name),
  risk_manager: createEntry(riskManager.name),
};

function createEntry(behavior: string): AgentTypeEntry {
  return {
    behavior,
    estimate: (config, { simulationSpeed }) =>
      estimateAgent(config, { timeframeMs: TIMEFRAME_MS, simulationSpeed }),
  };
}
