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
  const { side, type, price, quantity, reduceOnly } = order;
  return {
    clientOrderId,
    symbol,
    side,
    type,
    quantity,
    price: type === "limit" ? price : null,
    triggerPrice: type === "stop" ? price : null,
    reduceOnly: reduceOnly && hasReduceOnly,
    postOnly: false,
    timeInForce: "GTC",
    ocoGroup: null,
  };
}
