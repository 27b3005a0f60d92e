import type { OpenOrder } from "../../../contracts/order.ts";
import type { VenueOrderRequest } from "../../../contracts/venue.ts";
import { typeAtVenue } from "../../venue/type_at_venue.ts";

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
  const type = typeAtVenue(order);
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
