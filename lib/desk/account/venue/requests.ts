import type { OpenOrder } from "../../../contracts/order.ts";
import type { VenueOrderRequest } from "../../../contracts/venue.ts";

/** An order as it goes to the venue. Its prices and quantity keep to the market's rules already. */
export function requestOf(
  order: OpenOrder,
  { clientOrderId, symbol, hasReduceOnly }: {
    clientOrderId: string;
    symbol: string;
    hasReduceOnly: boolean;
  },
): VenueOrderRequest {
  const { side, price, quantity, reduceOnly, postOnly = false } = order;
  // A stop entry is held by the desk and goes out when its trigger was reached.
  const isHeld = order.role === "entry" && order.type === "stop";
  const type = isHeld ? "market" : order.type;
  return {
    clientOrderId,
    symbol,
    side,
    type,
    quantity,
    price: type === "limit" ? price : null,
    triggerPrice: type === "stop" ? price : null,
    reduceOnly: reduceOnly && hasReduceOnly,
    postOnly,
    timeInForce: "GTC",
    ocoGroup: null,
  };
}
