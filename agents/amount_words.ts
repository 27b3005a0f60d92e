import type { DecimalText } from "../lib/core/decimal.ts";

/** Enough for the tick of every market, and no tail of an average. */
const PRICE_DIGITS = 8;
const MONEY_DIGITS = 6;
const R_PLACES = 2;
/** What `toFixed` takes at most. */
const PLACES_MAX = 100;

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
  return `${rounded(Number(resultR), R_PLACES)}R`;
}

/** Digits of the whole part are never cut. */
function significant(text: DecimalText, digits: number): string {
  const value = Number(text);
  if (value === 0) return "0";
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const places = Math.min(PLACES_MAX, Math.max(0, digits - 1 - exponent));
  return rounded(value, places);
}

/** Words alone: numbers are exact to far more digits than are said. The books are kept in decimals, which this worker does not load. */
function rounded(value: number, places: number): string {
  const text = value.toFixed(places);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}
