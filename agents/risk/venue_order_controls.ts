/**
 * Controls over every order that goes to a venue, exits included, as it will be
 * sent. They are about the order's form and never about limits: an exit is not
 * held back by a rate, a balance or a stale price.
 *
 * @module
 */
import type { OrderRole } from "../../lib/contracts/order.ts";
import type {
  MarketRules,
  VenueOrderRequest,
} from "../../lib/contracts/venue.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  isDecimalText,
  toDecimalText,
  ZERO,
} from "../../lib/core/decimal.ts";
import { orderOfProduct, orderOfSum, orderOfTexts } from "./compare.ts";
import { isTextOnStep } from "./market_rules.ts";
import { deny, type Refusal } from "./refusal.ts";

/** An order on its way out and what it is measured by. */
export interface VenueOrderContext {
  request: VenueOrderRequest;
  role: OrderRole;
  /** The account's market, as the request names it. */
  symbol: string;
  /** Null while unknown, which holds entries back and lets exits pass. */
  rules: MarketRules | null;
  /** Held in base currency, negative for short; null while unknown. */
  positionQuantity: Decimal | null;
  /** What market exits that are on their way, unknown ones included, take of the position. */
  closingQuantity: Decimal;
  /** Of an entry: what the decision was sized to and what went out for it before, unknown included. Null for exits. */
  parent: { intended: DecimalText; sent: DecimalText } | null;
}

/** Looks at an order on its way out; null lets it pass. */
export type VenueOrderControl = (context: VenueOrderContext) => Refusal | null;

/** The order is for the account's market. */
export const denyOtherSymbol: VenueOrderControl = ({ request, symbol }) =>
  request.symbol === symbol ? null : deny(
    "SYMBOL_NOT_ALLOWED",
    `The account trades ${symbol}, the order is for ${request.symbol}`,
  );

/** Every number is one, positive, and a whole number of the market's steps. */
export const denyPrecision: VenueOrderControl = ({ request, role, rules }) => {
  const { quantity, price, triggerPrice } = request;
  const step = rules?.priceStep ?? null;
  const refusal = denyNumber("quantity", {
    value: quantity,
    step: rules?.quantityStep ?? null,
  }) ?? denyNumber("price", { value: price, step }) ??
    denyNumber("trigger price", { value: triggerPrice, step });
  if (refusal !== null || role !== "entry") return refusal;
  return rules === null
    ? deny("PRECISION_INVALID", "The rules of the market are not known")
    : denyBelowMinimum(request, rules);
};

function denyNumber(
  name: string,
  { value, step }: { value: DecimalText | null; step: DecimalText | null },
): Refusal | null {
  if (value === null) return null;
  if (!isDecimalText(value) || !(Number(value) > 0)) {
    return deny(
      "PRECISION_INVALID",
      `The ${name} must be a positive number, was "${value}"`,
    );
  }
  return step === null || isTextOnStep(value, step) ? null : deny(
    "PRECISION_INVALID",
    `The ${name} ${value} is no whole multiple of the market's step ${step}`,
  );
}

function denyBelowMinimum(
  { quantity, price }: VenueOrderRequest,
  { minQuantity, minNotional }: MarketRules,
): Refusal | null {
  if (minQuantity !== null && orderOfTexts(quantity, minQuantity) < 0) {
    return deny(
      "PRECISION_INVALID",
      `The quantity ${quantity} is below the market's least ${minQuantity}`,
    );
  }
  if (minNotional === null || price === null) return null;
  const order = orderOfProduct({ a: quantity, b: price, limit: minNotional });
  return order >= 0 ? null : deny(
    "PRECISION_INVALID",
    `The order is worth ${
      worth(quantity, price)
    }, the market's least is ${minNotional}`,
  );
}

/** The market takes no larger order; a larger exit is sent in parts. */
export const denyOversize: VenueOrderControl = ({ request, rules }) => {
  if (rules === null) return null;
  const { maxQuantity, maxNotional } = rules;
  const { quantity, price } = request;
  if (maxQuantity !== null && orderOfTexts(quantity, maxQuantity) > 0) {
    return deny(
      "SIZE_ABOVE_MAXIMUM",
      `The quantity ${quantity} is above the market's most ${maxQuantity}`,
    );
  }
  if (maxNotional === null || price === null) return null;
  const order = orderOfProduct({ a: quantity, b: price, limit: maxNotional });
  return order <= 0 ? null : deny(
    "SIZE_ABOVE_MAXIMUM",
    `The order is worth ${
      worth(quantity, price)
    }, the market's most is ${maxNotional}`,
  );
};

function worth(quantity: DecimalText, price: DecimalText): DecimalText {
  return toDecimalText(decimal(quantity).times(decimal(price)));
}

/**
 * An exit makes the position smaller and never turns it round. While the
 * position is unknown only an order that the venue itself holds to reducing may go.
 */
export const denyFalseReduction: VenueOrderControl = (context) => {
  const { request, role, positionQuantity: position } = context;
  if (role === "entry") {
    return request.reduceOnly
      ? deny("REDUCE_ONLY_INVALID", "An entry cannot be one that only reduces")
      : null;
  }
  if (position === null) {
    return request.reduceOnly ? null : deny(
      "REDUCE_ONLY_INVALID",
      "The position is not known, so nothing can be told to reduce it",
    );
  }
  const isOpposite = position.gt(ZERO)
    ? request.side === "sell"
    : position.lt(ZERO) && request.side === "buy";
  const left = request.type === "market"
    ? position.abs().minus(context.closingQuantity)
    : position.abs();
  return isOpposite && decimal(request.quantity).lte(left) ? null : deny(
    "REDUCE_ONLY_INVALID",
    `To ${request.side} ${request.quantity} does not reduce a position of ${
      toDecimalText(position)
    } of which ${toDecimalText(context.closingQuantity)} is being closed`,
  );
};

/** All orders of one decision together stay within its size. */
export const denyExcessChild: VenueOrderControl = ({ request, parent }) => {
  if (parent === null) return null;
  const { sent, intended } = parent;
  const { quantity } = request;
  const order = orderOfSum({ a: sent, b: quantity, limit: intended });
  return order <= 0 ? null : deny(
    "PARENT_EXCEEDED",
    `${
      toDecimalText(decimal(sent).plus(decimal(quantity)))
    } would be sent for a decision of ${intended}`,
  );
};

/** Controls over an order on its way out, in the order they run. */
export const VENUE_ORDER_CONTROLS: readonly VenueOrderControl[] = [
  denyOtherSymbol,
  denyPrecision,
  denyOversize,
  denyFalseReduction,
  denyExcessChild,
];

/** Runs every control over an order on its way out; the first refusal wins. */
export function checkVenueOrder(context: VenueOrderContext): Refusal | null {
  for (const control of VENUE_ORDER_CONTROLS) {
    const refusal = control(context);
    if (refusal !== null) return refusal;
  }
  return null;
}
