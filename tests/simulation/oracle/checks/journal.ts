import type { AgentEvidence, Evidence } from "../evidence.ts";
import { type OracleEntry, stateOf } from "../journal_text.ts";

/** P2 and P11: what a journal may hold, whatever was traded. */
export function checkJournal({ agents, report }: Evidence): void {
  for (const agent of agents) {
    if (agent.journal === null) continue;
    checkNumbers(agent, report);
    checkOutcomes(
      agent.journal,
      (promise, what) => report(promise, `${what} of ${agent.id}`),
    );
  }
}

/** Lines are numbered from 1 in each segment. */
function checkNumbers(
  { id, journal }: AgentEvidence,
  report: Evidence["report"],
): void {
  let before = 0;
  journal!.forEach((entry, index) => {
    const expected = stateOf(entry) === null ? before + 1 : 1;
    before = entry.number;
    if (entry.number === expected) return;
    report(
      "P1",
      `Line ${
        index + 1
      } in all of the journal of ${id} is ${entry.number} in its segment instead of ${expected}`,
    );
  });
}

function checkOutcomes(
  journal: readonly OracleEntry[],
  report: Evidence["report"],
): void {
  const intents = new Map<string, number>();
  const orders = new Set<string>();
  const fills = new Set<string>();
  for (const { record } of journal) {
    switch (record.type) {
      case "INTENT": {
        const { intentId } = record.intent;
        if (intents.has(intentId)) report("P2", `A second intent ${intentId}`);
        intents.set(intentId, 0);
        break;
      }
      case "ORDER": {
        const { orderId, intentId, role } = record.order;
        if (orders.has(orderId) && role !== "close") {
          report("P2", `A second order ${orderId}`);
        }
        orders.add(orderId);
        if (role !== "entry") break;
        if (!intents.has(intentId)) {
          report("P11", `Order ${orderId} without an intent`);
        }
        // The others are further parts, or at another price.
        if (orderId !== `${intentId}-entry`) break;
        intents.set(intentId, (intents.get(intentId) ?? 0) + 1);
        break;
      }
      case "DENIED":
        // A repetition is denied for itself: the first one has its own outcome.
        if (record.code === "INTENT_DUPLICATE") break;
        if (record.part !== undefined) break;
        intents.set(record.intentId, (intents.get(record.intentId) ?? 0) + 1);
        break;
      case "FILL": {
        const { orderId } = record.fill;
        if (!orders.has(orderId)) report("P2", `Fill of unknown ${orderId}`);
        if (fills.has(orderId)) report("P2", `A second fill of ${orderId}`);
        fills.add(orderId);
        break;
      }
    }
  }
  for (const [intentId, outcomes] of intents) {
    if (outcomes === 1) continue;
    report("P11", `Intent ${intentId} with ${outcomes} outcomes`);
  }
}
