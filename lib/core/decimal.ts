/**
 * Exact decimal arithmetic for money, prices and quantities. Amounts cross
 * every boundary as {@link DecimalText} and are computed as {@link Decimal}.
 *
 * @module
 */
// @ts-types="@types/big.js"
import Big from "big.js";

// Twenty places keep a division exact well below the smallest tick of any
// venue, and banker's rounding has no drift over many fills.
Big.DP = 20;
Big.RM = Big.roundHalfEven;

/** An exact decimal number. Immutable: every operation returns a new value. */
export type Decimal = Big;

/** A decimal number as text, for instance `"48212.40"`. Never in exponent form. */
export type DecimalText = string;

const DECIMAL_TEXT = /^-?\d+(\.\d+)?$/;

/** Zero, shared because decimals are immutable. */
export const ZERO: Decimal = new Big(0);

/** One, shared because decimals are immutable. */
export const ONE: Decimal = new Big(1);

/** Decimal places to which prices of fills and amounts of money are booked, as venues do. */
export const BOOKED_PLACES = 8;

/** Rounds a price or an amount to the places in which it is booked, half to even. */
export function toBooked(value: Decimal): Decimal {
  return roundTo(value, BOOKED_PLACES);
}

/** Tells whether `text` is a plain decimal such as `-12.5`: digits, at most one point, no exponent. */
export function isDecimalText(text: string): text is DecimalText {
  return DECIMAL_TEXT.test(text);
}

/**
 * Makes a decimal of a text or of a finite number. A number is taken at its
 * shortest text, which is the text that a price feed was parsed from.
 *
 * @throws {RangeError} If `value` is no finite decimal.
 */
export function decimal(value: DecimalText | number): Decimal {
  const text = typeof value === "number" ? String(value) : value;
  if (
    typeof value === "number" ? !Number.isFinite(value) : !isDecimalText(text)
  ) {
    throw new RangeError(`Cannot parse decimal "${text}"`);
  }
  return new Big(text);
}

/** Writes a decimal as plain text without exponent and without trailing zeros. */
export function toDecimalText(value: Decimal): DecimalText {
  const text = value.toFixed();
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Rounds `value` down to a whole multiple of `step` (`step` > 0). */
export function floorToStep(value: Decimal, step: Decimal): Decimal {
  return value.div(step).round(0, Big.roundDown).times(step);
}

/** Rounds to `places` decimal places, half to even. */
export function roundTo(value: Decimal, places: number): Decimal {
  return value.round(places, Big.roundHalfEven);
}

/** The smaller of two decimals. */
export function minDecimal(a: Decimal, b: Decimal): Decimal {
  return a.lt(b) ? a : b;
}

/** The larger of two decimals. */
export function maxDecimal(a: Decimal, b: Decimal): Decimal {
  return a.gt(b) ? a : b;
}
