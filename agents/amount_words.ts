import { decimal, roundTo, toDecimalText } from "../lib/core/decimal.ts";
import type { DecimalText } from "../lib/core/decimal.ts";

/** Enough for the tick of every market, and no tail of an average. */
const PRICE_DIGITS = 8;
const MONEY_DIGITS = 6;
const R_PLACES = 2;

/** A price as a sentence says it: eight significant digits, "51463.66" for "51463.66039725538". */
export function priceWords(price: DecimalText): string {
  return significant(price, PRICE_DIGITS);
}

/** An amount of money as a sentence says it: six significant digits, "53.9828" for "53.9828174". */
export function moneyWords(amount: DecimalText): string {
  return significant(amount, MONEY_DIGITS);
}

/** A result in units of the risk taken, to the hundredth: "1.09R". */
export function resultWords(resultR: DecimalText): string {
  return `${toDecimalText(roundTo(decimal(resultR), R_PLACES))}R`;
}

/** Digits of the whole part are never cut. */
function significant(text: DecimalText, digits: number): string {
  const value = decimal(text);
  const places = Math.max(0, digits - 1 - value.e);
  return toDecimalText(roundTo(value, places));
}
