import type { Order, OrderType, Side, TimeInForce } from "./engine/order.ts";
import { spotOrder } from "./rest/spot_answers.ts";
import { futuresOrder } from "./rest/futures_answers.ts";
import { units } from "./money/units.ts";
import { Refusal } from "./refusal.ts";
import type { VenueState } from "./state.ts";

/** An order by hand, in the same account. */
export interface ForeignOrder {
  kind: "spot" | "futures";
  symbol: string;
  side: Side;
  type: OrderType;
  quantity: string;
  price?: string;
  stopPrice?: string;
  timeInForce?: TimeInForce;
  /** As the venue's own web page names it, if left out. */
  clientOrderId?: string;
  reduceOnly?: boolean;
}

/**
 * Places an order that the program under test knows nothing of.
 *
 * @throws {Refusal} As for any order.
 */
export function placeForeign(
  venue: VenueState,
  order: ForeignOrder,
): Record<string, unknown> {
  const placed: Order = venue.engines[order.kind].place({
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    timeInForce: order.timeInForce ?? "GTC",
    quantity: units(order.quantity),
    price: units(order.price ?? "0"),
    stopPrice: units(order.stopPrice ?? "0"),
    clientOrderId: order.clientOrderId ??
      `web_${crypto.randomUUID().slice(0, 13)}`,
    reduceOnly: order.reduceOnly ?? false,
    closePosition: false,
    listId: -1,
    isForeign: true,
  });
  return order.kind === "spot" ? spotOrder(placed) : futuresOrder(placed);
}

/**
 * Cancels what has a client id, as its owner may do on the venue's web page.
 *
 * @throws {Refusal} -2011 if nothing with it is open.
 */
export function cancelByHand(
  venue: VenueState,
  { kind, clientOrderId }: { kind: "spot" | "futures"; clientOrderId: string },
): void {
  const engine = venue.engines[kind];
  const order = engine.orders.open().find((open) =>
    open.clientOrderId === clientOrderId
  );
  if (order !== undefined) return engine.cancel(order);
  const algo = venue.algos.byClientId(clientOrderId);
  if (kind === "futures" && algo?.status === "NEW") {
    return venue.algos.cancel(algo);
  }
  throw new Refusal(-2011, "Unknown order sent.");
}
