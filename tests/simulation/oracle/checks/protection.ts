import type { OpenOrder } from "../../../../lib/contracts/order.ts";
import type { Evidence } from "../evidence.ts";
import type { OracleEntry } from "../journal_text.ts";
import { TOLERANCE } from "./trades.ts";
import { RestingOrders } from "../resting_orders.ts";

/**
 * P6: at the end of every transaction an open position has exactly one stop, for
 * exactly what is held, and a stop is only ever replaced by one that loses less,
 * or that is for more because another part of the entry was filled.
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
  /** Quantity of the position. */
  let held = 0;
  for (const { record, mark, seq } of journal) {
    resting.take(record);
    if (record.type === "FILL") {
      const { intentId, role, quantity } = record.fill;
      const isEntry: boolean = position === null ||
        (position === intentId && role === "entry");
      held = isEntry ? held + Number(quantity) : 0;
      position = isEntry ? intentId : null;
    }
    if (record.type === "ORDER" && record.order.role === "stop") {
      const { order } = record;
      const before = stops.get(order.intentId);
      stops.set(order.intentId, order);
      if (before !== undefined && !isGrown(before, order)) {
        moves++;
        if (!isFavourable(before, order)) {
          report(
            `Stop ${order.orderId} at ${order.price} after one at ${before.price}`,
          );
        }
      }
    }
    if (mark === null || position === null) continue;
    const rest = resting.all.filter(({ role, intentId }) =>
      role === "stop" && intentId === position
    );
    if (rest.length !== 1) {
      report(`Position ${position} with ${rest.length} stops at candle ${seq}`);
    } else if (Math.abs(Number(rest[0]!.quantity) - held) > TOLERANCE) {
      report(
        `Position ${position} of ${held} with a stop for ${
          rest[0]!.quantity
        } at candle ${seq}`,
      );
    }
  }
  return moves;
}

/** The same stop for more, because another part of the entry was filled. */
function isGrown(before: OpenOrder, after: OpenOrder): boolean {
  return after.price === before.price &&
    Number(after.quantity) > Number(before.quantity);
}

function isFavourable(before: OpenOrder, after: OpenOrder): boolean {
  // The stop of a pair becomes a market order when its value is reached.
  if (before.hedge !== undefined && after.type === "market") return true;
  const [from, to] = [Number(before.price), Number(after.price)];
  return after.side === "sell" ? to > from : to < from;
}
