import type { StopProgress, StopView } from "../../contracts/emergency.ts";
import type { AgentEntry } from "../registry.ts";

/**
 * Adds the agents of a stop whose accounts the desk should have and does not:
 * it has told nothing of them, so nothing is known. They trade nothing, and are
 * stopped when their accounts open.
 */
export function withUnopened(
  stop: StopView,
  entries: readonly Pick<AgentEntry, "record" | "isOpen">[],
): StopView {
  const known = new Set(stop.progress.map(({ agentId }) => agentId));
  const missing = entries.filter(({ record, isOpen }) =>
    isOpen && !known.has(record.id)
  ).map(({ record }): StopProgress => ({
    agentId: record.id,
    state: stop.isWorking || stop.lever === "block" ? "working" : "residue",
    blockedAt: null,
    ordersLeft: null,
    positionLeft: null,
    orders: [],
    error:
      "The desk has not opened its account: it trades nothing, and is stopped when it opens",
  }));
  return {
    ...stop,
    progress: [...stop.progress, ...missing],
    residue: [
      ...stop.residue,
      ...missing.filter(({ state }) => state === "residue"),
    ],
  };
}
