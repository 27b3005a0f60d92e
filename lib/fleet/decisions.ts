import { type EnsembleView, viewOfDecision } from "../../agents/mod.ts";
import type { AgentChart } from "../contracts/chart.ts";
import type { DecisionsResponse } from "../contracts/decisions.ts";
import type { FleetContext } from "./context.ts";
import { inspectAgent } from "./queries.ts";
import type { AgentEntry } from "./registry.ts";

/** What an agent remembers of its decisions, from its worker or its last snapshot. */
export async function readDecisions(
  context: FleetContext,
  entry: AgentEntry,
): Promise<DecisionsResponse> {
  const { id, config } = entry.record;
  const hasModels = config.type === "decision_engine";
  const [chart, ensemble] = await Promise.all([
    inspectAgent(context, entry, { type: "chart", afterSeq: -1, limit: 1 }),
    hasModels ? inspectAgent(context, entry, { type: "ensemble" }) : null,
  ]) as [AgentChart | null, EnsembleView | null];
  return {
    agentId: id,
    decisions: (chart?.decisions ?? []).toReversed(),
    engine: hasModels
      ? (ensemble?.decisions ?? []).map(viewOfDecision).toReversed()
      : null,
  };
}
