import type { OpenOrder } from "../../../../lib/contracts/order.ts";
import type { Evidence } from "../evidence.ts";
import type { OracleEntry } from "../journal_text.ts";
import { RestingOrders } from "../resting_orders.ts";
import { TOLERANCE } from "./trades.ts";

/**
 * P6: what is filled of a decision and what its orders may still fill is never
 * more than it was sized to.
 */
export function checkParents({ agents, report }: Evidence): void {
  for (const { id, journal } of agents) {
    const tell = (what: string) => report("P6", `${what} of ${id}`);
    if (journal !== null) foldParents(journal, tell);
  }
}

/** Looks through one journal; returns how many orders were further ones of their decision. */
export function foldParents(
  journal: readonly OracleEntry[],
  report: (what: string) => void,
): number {
  const resting = new RestingOrders();
  const sized = new Map<string, number>();
  const filled = new Map<string, number>();
  let further = 0;
  for (const { record } of journal) {
    resting.take(record);
    if (record.type === "FILL" && record.fill.role === "entry") {
      const { intentId, quantity } = record.fill;
      const before = filled.get(intentId) ?? 0;
      filled.set(intentId, before + Number(quantity));
    }
    if (record.type !== "ORDER") continue;
    const { order, parent } = record;
    if (order.role !== "entry") continue;
    const { intentId } = order;
    if (sized.has(intentId)) further++;
    else sized.set(intentId, Number(parent?.quantity ?? order.quantity));
    const sent = (filled.get(intentId) ?? 0) + openOf(resting.all, intentId);
    if (sent <= sized.get(intentId)! + TOLERANCE) continue;
    report(`${sent} was sent for ${intentId}, sized to ${sized.get(intentId)}`);
  }
  return further;
}

function openOf(orders: readonly OpenOrder[], intentId: string): number {
  return orders.reduce(
    (sum, order) =>
      order.role === "entry" && order.intentId === intentId
        ? sum + Number(order.quantity)
        : sum,
    0,
  );
}
