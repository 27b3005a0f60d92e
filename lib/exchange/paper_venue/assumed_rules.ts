import type { MarketRules } from "../../contracts/venue.ts";

/** Digits of a price that are kept. */
const PRICE_DIGITS = 6;

/** The least value of an order, in quote currency. */
const MIN_NOTIONAL = "5";

/**
 * Rules for a market whose exchange's are not at hand, from its price: six
 * significant digits of price, steps of quantity that are worth less than a
 * tenth of a unit of quote currency, no limits but a least value of 5. They are
 * assumed, so the venue takes them only where its owner wants it to.
 *
 * @throws {RangeError} If the price is not positive and finite.
 */
export function assumedRules(symbol: string, price: number): MarketRules {
  if (!Number.isFinite(price) || price <= 0) {
    throw new RangeError(`Cannot assume the steps of a market at ${price}`);
  }
  const magnitude = Math.floor(Math.log10(price));
  return {
    symbol,
    quantityStep: powerOfTen(-magnitude - 2),
    priceStep: powerOfTen(magnitude - PRICE_DIGITS + 1),
    minQuantity: null,
    maxQuantity: null,
    minNotional: MIN_NOTIONAL,
    maxNotional: null,
    makerRate: null,
    takerRate: null,
  };
}

/** A power of ten in plain digits. */
function powerOfTen(power: number): string {
  return power >= 0 ? `1${"0".repeat(power)}` : `0.${"0".repeat(-power - 1)}1`;
}
