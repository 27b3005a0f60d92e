import type { Order, Trade } from "../engine/order.ts";
import { fillBeforeCancel } from "../engine/market_moves.ts";
import type { MarketKind } from "../market/specs.ts";
import { Refusal } from "../refusal.ts";
import type { Call } from "./call.ts";

/** The order that a request names by id or client id; null if there is none that may be seen. */
export function findOrder(kind: MarketKind, call: Call): Order | null {
  const { params, venue } = call;
  const { orders } = venue.engines[kind];
  const { spec } = venue.engines[kind].market(params.required("symbol"));
  const id = params.integer("orderId");
  const order = id === null
    ? orders.byClientId(spec.id, params.required("origClientOrderId"))
    : orders.byId(id);
  const isVisible = order !== null && order.symbol === spec.id &&
    isSeen(order, call);
  return isVisible ? order : null;
}

/** @throws {Refusal} -2013 */
export function queryOrder(kind: MarketKind, call: Call): Order {
  const order = findOrder(kind, call);
  if (order !== null) return order;
  throw new Refusal(-2013, "Order does not exist.");
}

/** Cancels an open order. @throws {Refusal} -2011 if it is not open. */
export function cancelOrder(kind: MarketKind, call: Call): Order {
  const { venue } = call;
  const order = findOrder(kind, call);
  const engine = venue.engines[kind];
  const isOpen = () =>
    order !== null && engine.orders.open(order.symbol).includes(order);
  if (order !== null && isOpen() && call.fillsBeforeCancel) {
    fillBeforeCancel(venue, kind, order);
  }
  if (order === null || !isOpen()) {
    throw new Refusal(-2011, "Unknown order sent.");
  }
  engine.cancel(order);
  return order;
}

/** Orders that may be seen. */
export function seenOrders(
  kind: MarketKind,
  call: Call,
  scope: "open" | "all",
): Order[] {
  const { orders } = call.venue.engines[kind];
  const symbol = call.params.text("symbol") ?? undefined;
  if (symbol !== undefined) call.venue.engines[kind].market(symbol);
  const list = scope === "open"
    ? orders.open(symbol)
    : orders.all().filter((order) => order.symbol === symbol);
  return list.filter((order) => isSeen(order, call));
}

/** Trades of one symbol whose order may be seen. */
export function seenTrades(kind: MarketKind, call: Call): Trade[] {
  const { params, venue } = call;
  const { spec } = venue.engines[kind].market(params.required("symbol"));
  const { orders } = venue.engines[kind];
  const orderId = params.integer("orderId");
  const fromId = params.integer("fromId") ?? 0;
  return orders.trades().filter((trade) => {
    if (trade.symbol !== spec.id || trade.id < fromId) return false;
    if (orderId !== null && trade.orderId !== orderId) return false;
    const order = orders.byId(trade.orderId);
    return order === null || isSeen(order, call);
  });
}

function isSeen(order: Order, { venue }: Call): boolean {
  return venue.clock.now() >= order.hiddenUntil;
}
