import { decimal, floorToStep } from "../../core/decimal.ts";
import type {
  MarketRules,
  VenueOrder,
  VenueOrderRequest,
} from "../../contracts/venue.ts";
import type { ConnectionMarket } from "./connection.ts";
import type { CreateContext, Dialect } from "./dialect.ts";
import type { CcxtParams } from "./library.ts";
import { fromBase } from "./numbers.ts";

/** What ccxt's `createOrder` is called with. */
export type CreateArguments = [
  symbol: string,
  type: string,
  side: string,
  amount: string,
  price: string | undefined,
  params: CcxtParams,
];

/** Why an order cannot be sent as it is, or null. The library would round it, or send what the venue refuses. */
export function faultOf(
  request: VenueOrderRequest,
  rules: MarketRules,
  { profile }: Dialect,
): string | null {
  const { clientOrderId, price, quantity, triggerPrice, type } = request;
  if (!isMultiple(quantity, rules.quantityStep)) {
    return `the quantity ${quantity} is no multiple of ${rules.quantityStep}`;
  }
  if ((type === "limit") !== (price !== null)) {
    return "a limit order needs a price, and no other order has one";
  }
  if ((type === "stop") !== (triggerPrice !== null)) {
    return "a stop needs a trigger price, and no other order has one";
  }
  const limit = price ?? triggerPrice;
  if (limit !== null && !isMultiple(limit, rules.priceStep)) {
    return `the price ${limit} is no multiple of ${rules.priceStep}`;
  }
  if (type === "stop" && !profile.hasStopOrders) {
    return "stops do not rest at this exchange";
  }
  if (request.reduceOnly && !profile.hasReduceOnly) {
    return "this exchange has no orders that only reduce";
  }
  if (
    clientOrderId.length > profile.clientOrderIdMax ||
    !/^[A-Za-z0-9]+$/.test(clientOrderId)
  ) {
    return `the order id ${
      JSON.stringify(clientOrderId)
    } is not 1 to ${profile.clientOrderIdMax} letters and digits`;
  }
  return null;
}

/** The arguments of the one call that sends an order. */
export function createArguments(
  request: VenueOrderRequest,
  { name, unit }: ConnectionMarket,
  { context, dialect }: { context: CreateContext; dialect: Dialect },
): CreateArguments {
  return [
    name,
    request.type === "stop" ? "market" : request.type,
    request.side,
    fromBase(request.quantity, unit),
    request.price ?? undefined,
    {
      clientOrderId: request.clientOrderId,
      ...dialect.createParams(request, context),
    },
  ];
}

/** What is known of an order that the venue confirms by its id alone. */
export function knownOf(request: VenueOrderRequest): Partial<VenueOrder> {
  const { clientOrderId, price, quantity, reduceOnly, side, triggerPrice } =
    request;
  return {
    clientOrderId,
    price,
    quantity,
    reduceOnly,
    side,
    triggerPrice,
    type: request.type,
  };
}

function isMultiple(value: string, step: string): boolean {
  const number = decimal(value);
  return number.gt(0) && floorToStep(number, decimal(step)).eq(number);
}
