import type { DecisionView } from "./chart.ts";
import type { Probabilities } from "./inference.ts";
import type { Bias } from "./pattern.ts";
import type { EpochMs } from "./primitives.ts";

/** What one model said of a candle. */
export interface ModelVote {
  model: string;
  /** Null where it did not vote. */
  probabilities: Probabilities | null;
  /** Why it did not, in one sentence; null where it did. */
  failure: string | null;
}

/** What an engine made of a candle. Unknown is null. */
export interface EngineDecisionView {
  seq: number;
  /** Open time of the deciding candle. */
  at: EpochMs;
  outcome: "entry" | "signal" | "abstained" | "skipped";
  /** Side that the models favour. */
  bias: Bias | null;
  /** Averaged probability of that side. */
  confidence: number | null;
  /** Greatest distance between the probabilities of a rise. */
  disagreement: number | null;
  expectedMovePct: number | null;
  votes: readonly ModelVote[];
  /** Why nothing was traded, in one sentence. */
  reason: string | null;
  /** Inputs furthest from those of the training, in standard deviations. */
  unusual: readonly { feature: string; z: number }[];
}

/** `GET /api/agents/{id}/decisions`. */
export interface DecisionsResponse {
  agentId: string;
  /** Newest first. */
  decisions: readonly DecisionView[];
  /** Newest first, abstentions included; null for an agent without models. */
  engine: readonly EngineDecisionView[] | null;
}
