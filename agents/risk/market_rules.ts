/**
 * Prices and quantities that keep to the rules of a market. Rounding never makes
 * an order worse than what was decided: entries wait for a better price, stops
 * and targets move towards the entry.
 *
 * @module
 */
import type { Side } from "../../lib/contracts/primitives.ts";
import type { MarketRules } from "../../lib/contracts/venue.ts";
import {
  type Decimal,
  decimal,
  type DecimalText,
  floorToStep,
} from "../../lib/core/decimal.ts";

/** Rounds down or up to a whole multiple of `step`. */
export function toStep(
  value: Decimal,
  { step, up }: { step: Decimal; up: boolean },
): Decimal {
  const below = floorToStep(value, step);
  return up && below.lt(value) ? below.plus(step) : below;
}

/** Whether a value is a whole multiple of `step`. */
export function isOnStep(value: Decimal, step: Decimal): boolean {
  const isPowerOfTen = step.c.length === 1 && step.c[0] === 1;
  // The place of the last digit tells, where there is no zero at the end.
  if (isPowerOfTen && value.e - value.c.length + 1 >= step.e) return true;
  return floorToStep(value, step).eq(value);
}

/** The same of texts; makes no decimals for steps such as 0.01. */
export function isTextOnStep(value: DecimalText, step: DecimalText): boolean {
  const isTenth = /^(0\.0*)?1$/.test(step);
  return (isTenth && placesOf(value) <= placesOf(step)) ||
    isOnStep(decimal(value), decimal(step));
}

function placesOf(text: DecimalText): number {
  const point = text.indexOf(".");
  return point < 0 ? 0 : text.length - point - 1;
}

/** Price of a limit entry: a buy is rounded down, a sell up. */
export function entryPriceOnStep(
  side: Side,
  price: Decimal,
  { priceStep }: Pick<MarketRules, "priceStep">,
): Decimal {
  return toStep(price, { step: decimal(priceStep), up: side === "sell" });
}

/** Trigger of a stop entry: a buy is rounded up, a sell down, so that it waits a little longer. */
export function triggerPriceOnStep(
  side: Side,
  price: Decimal,
  { priceStep }: Pick<MarketRules, "priceStep">,
): Decimal {
  return toStep(price, { step: decimal(priceStep), up: side === "buy" });
}

/** Limit or trigger of an entry as it is sent, on the market's step. */
export function entryOnStep(
  { side, type }: { side: Side; type: "limit" | "stop" },
  price: Decimal,
  rules: Pick<MarketRules, "priceStep">,
): Decimal {
  return type === "stop"
    ? triggerPriceOnStep(side, price, rules)
    : entryPriceOnStep(side, price, rules);
}

/** Price of the stop of an entry on this side: nearer to the entry, so that no more is lost than planned. */
export function stopPriceOnStep(
  entrySide: Side,
  price: Decimal,
  { priceStep }: Pick<MarketRules, "priceStep">,
): Decimal {
  return toStep(price, { step: decimal(priceStep), up: entrySide === "buy" });
}

/** Price of the target of an entry on this side: nearer to the entry. */
export function targetPriceOnStep(
  entrySide: Side,
  price: Decimal,
  { priceStep }: Pick<MarketRules, "priceStep">,
): Decimal {
  return toStep(price, { step: decimal(priceStep), up: entrySide === "sell" });
}
