/** What a venue says of a working order. */
import type {
  VenueOrder,
  VenueTrade,
} from "../../../../../lib/contracts/venue.ts";
import type { WorkingOrder } from "../../../../../lib/desk/venue/port.ts";

/** A state of an order at the venue. */
export function orderOf(
  { order, clientOrderId }: Pick<WorkingOrder, "order" | "clientOrderId">,
  change: Partial<VenueOrder> = {},
): VenueOrder {
  return {
    clientOrderId,
    venueOrderId: `v-${clientOrderId}`,
    symbol: "BTC/USDT",
    side: order.side,
    type: order.type,
    price: order.type === "limit" ? order.price : null,
    triggerPrice: order.type === "stop" ? order.price : null,
    quantity: order.quantity,
    filled: "0",
    status: "open",
    reduceOnly: order.reduceOnly,
    at: null,
    ...change,
  };
}

/** A trade of the whole of an order at its price, or at 100. */
export function tradeOf(
  { order, clientOrderId }: Pick<WorkingOrder, "order" | "clientOrderId">,
  tradeId: string,
  at: number,
): VenueTrade {
  return {
    tradeId,
    venueOrderId: `v-${clientOrderId}`,
    clientOrderId,
    symbol: "BTC/USDT",
    side: order.side,
    price: order.price ?? "100",
    quantity: order.quantity,
    fee: "0.01",
    feeCurrency: "USDT",
    liquidity: "taker",
    at,
  };
}
