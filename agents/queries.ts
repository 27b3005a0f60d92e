import type { Candle } from "../lib/contracts/candle.ts";
import type { AgentQuery } from "../lib/contracts/chart.ts";

/** Questions that a pattern detector answers. */
export type PatternDetectorQuery = AgentQuery | { type: "vitals" };

/** Answer to `{ type: "vitals" }`. */
export interface PatternDetectorVitals {
  decidedSeq: number;
  /** Whether the feed ended and its last candle is decided. */
  ended: boolean;
  lastCandle: Candle | null;
  lastDecision: string | null;
  lastPattern: string | null;
}
