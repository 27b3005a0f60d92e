/**
 * What an order must keep to before the book takes it. Each check returns the
 * refusal, or null.
 *
 * @module
 */
import { isOnStep } from "../../../agents/risk/market_rules.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  isDecimalText,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import type { MarketRules, VenueOrderRequest } from "../../contracts/venue.ts";
import type { OrderBook } from "./order_book.ts";
import { OPEN_ORDERS_MAX } from "./limits.ts";
import { type Refusal, refuse } from "./rejections.ts";

/** What is known when a request arrives. */
export interface Counter {
  symbol: string;
  rules: MarketRules | null;
  book: OrderBook;
  clientOrderIdMax: number;
}

/** Everything that needs no price: form, id, and the rules of the market. */
export function refuseRequest(
  request: VenueOrderRequest,
  counter: Counter,
): Refusal | null {
  const { symbol, rules, book } = counter;
  if (request.symbol !== symbol) {
    return refuse(
      "MARKET_UNKNOWN",
      `This account trades ${symbol} alone, not ${request.symbol}`,
    );
  }
  const refusal = refuseForm(request, counter);
  if (refusal !== null) return refusal;
  const name = { clientOrderId: request.clientOrderId, venueOrderId: null };
  if (book.findOpen(name) !== null) {
    return refuse(
      "DUPLICATE_CLIENT_ID",
      `An open order has the id ${request.clientOrderId} already`,
    );
  }
  if (book.open.length >= OPEN_ORDERS_MAX) {
    return refuse(
      "TOO_MANY_ORDERS",
      `${OPEN_ORDERS_MAX} orders are open; cancel some first`,
    );
  }
  if (rules !== null) return refuseSteps(request, rules);
  if (request.reduceOnly) return null;
  return refuse(
    "RULES_UNKNOWN",
    `Steps and least sizes of ${symbol} are not known yet, so nothing is opened`,
  );
}

/** Fields that contradict each other or are no numbers. */
function refuseForm(
  request: VenueOrderRequest,
  { clientOrderIdMax }: Counter,
): Refusal | null {
  const { clientOrderId, type, quantity, price, triggerPrice } = request;
  const invalid = (detail: string) => refuse("ORDER_INVALID", detail);
  if (
    clientOrderId.length > clientOrderIdMax ||
    !/^[A-Za-z0-9_-]+$/.test(clientOrderId)
  ) {
    return invalid(
      `A client order id has 1 to ${clientOrderIdMax} letters, digits, dashes or underscores`,
    );
  }
  if (!isPositive(quantity)) return invalid("The quantity must be positive");
  if ((type === "limit") !== (price !== null) || !isPositive(price ?? "1")) {
    return invalid("A limit order has a positive price, others have none");
  }
  if (
    (type === "stop") !== (triggerPrice !== null) ||
    !isPositive(triggerPrice ?? "1")
  ) {
    return invalid("A stop has a positive trigger price, others have none");
  }
  if (
    request.postOnly && (type !== "limit" || request.timeInForce !== "GTC")
  ) {
    return invalid("Post-only is for limit orders that rest until canceled");
  }
  return null;
}

function isPositive(text: DecimalText): boolean {
  return isDecimalText(text) && decimal(text).gt(ZERO);
}

function refuseSteps(
  { quantity, price, triggerPrice }: VenueOrderRequest,
  rules: MarketRules,
): Refusal | null {
  if (!isOnStep(decimal(quantity), decimal(rules.quantityStep))) {
    return refuse(
      "QUANTITY_STEP",
      `The quantity ${quantity} is no multiple of ${rules.quantityStep}`,
    );
  }
  const text = price ?? triggerPrice;
  if (text !== null && !isOnStep(decimal(text), decimal(rules.priceStep))) {
    return refuse(
      "PRICE_STEP",
      `The price ${text} is no multiple of ${rules.priceStep}`,
    );
  }
  const range = { min: rules.minQuantity, max: rules.maxQuantity };
  return refuseRange(decimal(quantity), {
    ...range,
    code: "QUANTITY_RANGE",
    what: "quantity",
  });
}

/** Least and most value of an order; one that only reduces may be smaller. */
export function refuseNotional(
  { reduceOnly, quantity }: VenueOrderRequest,
  { price, rules }: { price: Decimal; rules: MarketRules | null },
): Refusal | null {
  if (rules === null) return null;
  return refuseRange(price.times(decimal(quantity)), {
    min: reduceOnly ? null : rules.minNotional,
    max: rules.maxNotional,
    code: "NOTIONAL_RANGE",
    what: "value",
  });
}

function refuseRange(
  value: Decimal,
  options: {
    min: DecimalText | null;
    max: DecimalText | null;
    code: "QUANTITY_RANGE" | "NOTIONAL_RANGE";
    what: string;
  },
): Refusal | null {
  const { min, max, code, what } = options;
  if (min !== null && value.lt(decimal(min))) {
    return refuse(
      code,
      `The ${what} ${toDecimalText(value)} is below the least of ${min}`,
    );
  }
  if (max !== null && value.gt(decimal(max))) {
    return refuse(
      code,
      `The ${what} ${toDecimalText(value)} is above the most of ${max}`,
    );
  }
  return null;
}
