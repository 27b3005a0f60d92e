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
import { isAbove, isBelow, isPositive } from "./compare.ts";
import { isOnStep } from "./market_rules.ts";
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
  const numbers = numbersOf(request, rules);
  for (const { name, value, step } of numbers) {
    if (value === null) continue;
    const number = isDecimalText(value) ? decimal(value) : ZERO;
    if (!isPositive(number)) {
      return deny(
        "PRECISION_INVALID",
        `The ${name} must be a positive number, was "${value}"`,
      );
    }
    if (step !== null && !isOnStep(number, decimal(step))) {
      return deny(
        "PRECISION_INVALID",
        `The ${name} ${value} is no whole multiple of the market's step ${step}`,
      );
    }
  }
  if (role !== "entry") return null;
  return rules === null
    ? deny("PRECISION_INVALID", "The rules of the market are not known")
    : denyBelowMinimum(request, rules);
};

function numbersOf(
  request: VenueOrderRequest,
  rules: MarketRules | null,
): { name: string; value: DecimalText | null; step: DecimalText | null }[] {
  const priceStep = rules?.priceStep ?? null;
  return [
    {
      name: "quantity",
      value: request.quantity,
      step: rules?.quantityStep ?? null,
    },
    { name: "price", value: request.price, step: priceStep },
    { name: "trigger price", value: request.triggerPrice, step: priceStep },
  ];
}

function denyBelowMinimum(
  request: VenueOrderRequest,
  { minQuantity, minNotional }: MarketRules,
): Refusal | null {
  const quantity = decimal(request.quantity);
  if (minQuantity !== null && isBelow(quantity, minQuantity)) {
    return deny(
      "PRECISION_INVALID",
      `The quantity ${request.quantity} is below the market's least ${minQuantity}`,
    );
  }
  if (minNotional === null || request.price === null) return null;
  const notional = quantity.times(decimal(request.price));
  return !isBelow(notional, minNotional) ? null : deny(
    "PRECISION_INVALID",
    `The order is worth ${
      toDecimalText(notional)
    }, the market's least is ${minNotional}`,
  );
}

/** The market takes no larger order; a larger exit is sent in parts. */
export const denyOversize: VenueOrderControl = ({ request, rules }) => {
  if (rules === null) return null;
  const { maxQuantity, maxNotional } = rules;
  const quantity = decimal(request.quantity);
  if (maxQuantity !== null && isAbove(quantity, maxQuantity)) {
    return deny(
      "SIZE_ABOVE_MAXIMUM",
      `The quantity ${request.quantity} is above the market's most ${maxQuantity}`,
    );
  }
  if (maxNotional === null || request.price === null) return null;
  const notional = quantity.times(decimal(request.price));
  return !isAbove(notional, maxNotional) ? null : deny(
    "SIZE_ABOVE_MAXIMUM",
    `The order is worth ${
      toDecimalText(notional)
    }, the market's most is ${maxNotional}`,
  );
};

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
  const total = decimal(parent.sent).plus(decimal(request.quantity));
  return !isAbove(total, parent.intended) ? null : deny(
    "PARENT_EXCEEDED",
    `${
      toDecimalText(total)
    } would be sent for a decision of ${parent.intended}`,
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
