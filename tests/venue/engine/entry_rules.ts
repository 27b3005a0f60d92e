import type { Market } from "../market/market.ts";
import { Refusal } from "../refusal.ts";
import { isPriced, isStop, type NewOrder } from "./order.ts";

/** It would trade with the book as it is. */
export function crosses(order: NewOrder, market: Market): boolean {
  if (!isPriced(order.type)) return true;
  return order.side === "BUY"
    ? order.price >= market.top.ask
    : order.price <= market.top.bid;
}

/** The last price has reached the trigger of a stop or take-profit order. */
export function isTriggered(
  order: Pick<NewOrder, "side" | "type" | "stopPrice">,
  last: bigint,
): boolean {
  const isStopLoss = order.type.startsWith("STOP_LOSS");
  return (order.side === "BUY") === isStopLoss
    ? last >= order.stopPrice
    : last <= order.stopPrice;
}

/**
 * Refuses post-only orders that would take and stops that would go off at once.
 *
 * @throws {Refusal} -2010 at spot; -5022, -5021 or -2021 at futures.
 */
export function checkEntry(order: NewOrder, market: Market): void {
  const isSpot = market.spec.kind === "spot";
  const isPostOnly = order.type === "LIMIT_MAKER" ||
    order.timeInForce === "GTX";
  if (isPostOnly && crosses(order, market)) {
    throw isSpot
      ? new Refusal(-2010, "Order would immediately match and take.")
      : new Refusal(
        -5022,
        "Due to the order could not be executed as maker, the Post Only order will be rejected.",
      );
  }
  if (isStop(order.type) && isTriggered(order, market.last)) {
    throw isSpot
      ? new Refusal(-2010, "Stop price would trigger immediately.")
      : new Refusal(-2021, "Order would immediately trigger.");
  }
}
