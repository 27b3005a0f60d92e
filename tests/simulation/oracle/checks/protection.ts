import type { OpenOrder } from "../../../../lib/contracts/order.ts";
import type { Evidence } from "../evidence.ts";
import type { OracleEntry } from "../journal_text.ts";
import { RestingOrders } from "../resting_orders.ts";

/**
 * P6: at the end of every transaction an open position has exactly one stop,
 * and a stop is only ever replaced by one that loses less.
 */
export function checkProtection({ agents, report }: Evidence): void {
  for (const { id, journal } of agents) {
    const tell = (what: string) => report("P6", `${what} of ${id}`);
    if (journal !== null) foldProtection(journal, tell);
  }
}

/** Looks through one journal; returns how often a stop was moved. */
export function foldProtection(
  journal: readonly OracleEntry[],
  report: (what: string) => void,
): number {
  const resting = new RestingOrders();
  /** Last stop by intent. */
  const stops = new Map<string, OpenOrder>();
  let position: string | null = null;
  let moves = 0;
  for (const { record, mark, seq } of journal) {
    resting.take(record);
    if (record.type === "FILL") {
      position = position === null ? record.fill.intentId : null;
    }
    if (record.type === "ORDER" && record.order.role === "stop") {
      const { order } = record;
      const before = stops.get(order.intentId);
      stops.set(order.intentId, order);
      if (before !== undefined) {
        moves++;
        if (!isFavourable(before, order)) {
          report(
            `Stop ${order.orderId} at ${order.price} after one at ${before.price}`,
          );
        }
      }
    }
    if (mark === null || position === null) continue;
    const held = resting.all.filter(({ role, intentId }) =>
      role === "stop" && intentId === position
    );
    if (held.length === 1) continue;
    report(`Position ${position} with ${held.length} stops at candle ${seq}`);
  }
  return moves;
}

function isFavourable(before: OpenOrder, after: OpenOrder): boolean {
  // The stop of a pair becomes a market order when its value is reached.
  if (before.hedge !== undefined && after.type === "market") return true;
  const [from, to] = [Number(before.price), Number(after.price)];
  return after.side === "sell" ? to > from : to < from;
}
