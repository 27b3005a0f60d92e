import type { Candle } from "../lib/contracts/candle.ts";
import type { SignalLatencies } from "../lib/contracts/latency.ts";
import type { AgentQuery } from "../lib/contracts/chart.ts";

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
  /** How long signals took on their way to it; left out where none was measured. */
  latency?: SignalLatencies;
}
