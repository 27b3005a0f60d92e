import type { EngineDecisionView } from "../../lib/contracts/decisions.ts";
import type { EngineDecision } from "./decision_books.ts";

/** What people are shown of a decision of an engine. */
export function viewOfDecision(
  decision: EngineDecision,
): EngineDecisionView {
  const { seq, at, outcome, bias, confidence, disagreement } = decision;
  return {
    seq,
    at,
    outcome,
    bias,
    confidence,
    disagreement,
    expectedMovePct: decision.expectedMovePct,
    votes: decision.votes.map(({ model, probabilities, failure }) => ({
      model,
      probabilities,
      failure,
    })),
    reason: decision.abstention?.reason ?? decision.skippedBecause,
    unusual: decision.unusual.map(({ feature, z }) => ({ feature, z })),
  };
}
