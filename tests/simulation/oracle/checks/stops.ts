import type { OpenOrder } from "../../../../lib/contracts/order.ts";
import type { AgentEvidence, Evidence } from "../evidence.ts";
import type { OracleEntry } from "../journal_text.ts";
import { RestingOrders } from "../resting_orders.ts";

/**
 * P5: an agent whose stored wish is to be stopped has no order at the desk, and
 * no position; if its position was to be kept, it keeps the orders that protect
 * it. The journal says so by itself, and the stored view agrees with it.
 */
export function checkStops({ agents, report }: Evidence): void {
  for (const agent of agents) {
    if (agent.record?.desired !== "stopped" || agent.journal === null) continue;
    const held = holdings(agent.journal);
    const isKept = agent.record.stopPositions === "keep" && held.hasPosition;
    for (const { orderId, role } of held.orders) {
      if (isKept && role !== "entry") continue;
      report("P5", `${agent.id} is stopped and has the order ${orderId}`);
    }
    if (held.hasPosition && !isKept) {
      report("P5", `${agent.id} is stopped and still has a position`);
    }
    checkView(agent, { held, report });
  }
}

/** What a person is shown of a stopped agent is what its journal says. */
function checkView(
  { id, view }: AgentEvidence,
  { held, report }: { held: Holdings; report: Evidence["report"] },
): void {
  const account = view?.account ?? null;
  if (account === null) return;
  if ((account.position !== null) !== held.hasPosition) {
    report(
      "P1",
      `The view of stopped ${id} shows ${
        held.hasPosition ? "no position, its journal has one" : "a position"
      }`,
    );
  }
  if (account.openOrders.length !== held.orders.length) {
    report(
      "P1",
      `The view of stopped ${id} shows ${account.openOrders.length} orders of ${held.orders.length}`,
    );
  }
}

interface Holdings {
  orders: readonly OpenOrder[];
  hasPosition: boolean;
}

/** Orders and position at the end of a journal. */
function holdings(journal: readonly OracleEntry[]): Holdings {
  const orders = new RestingOrders();
  let hasPosition = false;
  for (const { record } of journal) {
    orders.take(record);
    if (record.type === "FILL") hasPosition = record.fill.role === "entry";
  }
  return { orders: orders.all, hasPosition };
}
