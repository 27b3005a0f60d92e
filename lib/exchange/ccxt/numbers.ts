/**
 * Numbers between ccxt and us: decimal text, base currency, steps. ccxt counts
 * perpetuals in contracts, whose size is the market's.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  type DecimalText,
  divide,
  isDecimalText,
  ONE,
  toDecimalText,
} from "../../core/decimal.ts";
import { AppError } from "../../core/errors.ts";
import type { MarketRules } from "../../contracts/venue.ts";
import type { CcxtMarket } from "./library.ts";

/** ccxt's modes of precision: decimal places, significant digits, size of a step. */
const DECIMAL_PLACES = 2;
const TICK_SIZE = 4;

/** A number or text of ccxt's as decimal text; null where it is none. */
export function toText(value: unknown): DecimalText | null {
  if (typeof value === "number" && Number.isFinite(value)) {
    return toDecimalText(decimal(value));
  }
  if (typeof value !== "string") return null;
  const isPlain: boolean = isDecimalText(value);
  if (isPlain) return toDecimalText(decimal(value));
  // Exponents come from a few venues.
  const number = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? toDecimalText(decimal(number)) : null;
}

/** Base currency of one unit of a market's amounts. */
export function unitOf(market: CcxtMarket): Decimal {
  if (market.spot || market.contractSize === undefined) return ONE;
  const size = toText(market.contractSize);
  return size === null ? ONE : decimal(size);
}

/** An amount of ccxt's in base currency; null where it is unknown. */
export function toBase(value: unknown, unit: Decimal): DecimalText | null {
  const text = toText(value);
  return text === null ? null : toDecimalText(decimal(text).times(unit));
}

/** A quantity in base currency as an amount of ccxt's. */
export function fromBase(quantity: DecimalText, unit: Decimal): DecimalText {
  return unit.eq(ONE)
    ? quantity
    : toDecimalText(divide(decimal(quantity), unit));
}

/**
 * What orders in a market must keep to.
 *
 * @throws {AppError} MARKET_UNSUPPORTED if its steps cannot be told beforehand.
 */
export function rulesOf(
  symbol: string,
  market: CcxtMarket,
  precisionMode: number,
): MarketRules {
  const unit = unitOf(market);
  const quantityStep = stepOf(market.precision.amount, precisionMode);
  const priceStep = stepOf(market.precision.price, precisionMode);
  if (quantityStep === null || priceStep === null) {
    throw new AppError(
      "MARKET_UNSUPPORTED",
      `The steps of price and quantity of ${symbol} are not told by the exchange; choose another market`,
      { status: 422 },
    );
  }
  const amount = market.limits.amount;
  const cost = market.limits.cost;
  return {
    symbol,
    quantityStep: toDecimalText(decimal(quantityStep).times(unit)),
    priceStep,
    minQuantity: positive(toBase(amount?.min, unit)),
    maxQuantity: positive(toBase(amount?.max, unit)),
    minNotional: positive(toText(cost?.min)),
    maxNotional: positive(toText(cost?.max)),
    makerRate: toText(market.maker),
    takerRate: toText(market.taker),
  };
}

/** Limits of zero are none. */
function positive(text: DecimalText | null): DecimalText | null {
  return text === null || decimal(text).lte(0) ? null : text;
}

function stepOf(value: unknown, precisionMode: number): DecimalText | null {
  const text = toText(value);
  if (text === null) return null;
  if (precisionMode === TICK_SIZE) return positive(text);
  if (precisionMode !== DECIMAL_PLACES || !/^\d{1,2}$/.test(text)) return null;
  const places = Number(text);
  return places === 0 ? "1" : `0.${"0".repeat(places - 1)}1`;
}
