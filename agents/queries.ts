import type { Candle } from "../lib/contracts/candle.ts";
import type { SignalLatencies } from "../lib/contracts/latency.ts";
import type { AgentQuery } from "../lib/contracts/chart.ts";
import type { EngineDecision } from "./ensemble/decision_books.ts";
import type { ModelStatus } from "./ensemble/model_roster.ts";

import type { EntryBreakerView } from "../lib/contracts/execution_config.ts";

/** Questions that every agent answers. */
export type AgentQuestion = AgentQuery | { type: "vitals" };

/** Answer to `{ type: "vitals" }`. */
export interface AgentVitalsAnswer {
  decidedSeq: number;
  /** Whether the feed ended and its last candle is decided. */
  ended: boolean;
  lastCandle: Candle | null;
  lastDecision: string | null;
  lastPattern: string | null;
  /** Ids of the agents whose signals a decision that is due waits for; left out by who listens to nobody. */
  waitsFor?: readonly string[];
  /** What a person should see to before it decides as it is meant to, in one sentence; left out where an agent has no such thing. */
  problem?: string | null;
  /** The breaker of an executor's own entries; left out by other types. */
  entryBreaker?: EntryBreakerView;
  /** How long signals took on their way to it; left out where none was measured. */
  latency?: SignalLatencies;
}

/** Questions that a decision engine answers. */
export type DecisionEngineQuestion = AgentQuestion | { type: "ensemble" };

/** Answer to `{ type: "ensemble" }`. */
export interface EnsembleView {
  models: readonly ModelStatus[];
  /** Last decisions, abstentions included, oldest first. */
  decisions: readonly EngineDecision[];
}
