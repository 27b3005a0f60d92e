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
  return fromPlainText(text) ?? new Big(text);
}

/** Writes a decimal as plain text without exponent and without trailing zeros. */
export function toDecimalText(value: Decimal): DecimalText {
  const { c, e, s } = value;
  let length = c.length;
  while (length > 1 && c[length - 1] === 0) length--;
  if (c[0] === 0) return "0";
  let text = s < 0 ? "-" : "";
  if (e < 0) {
    text += `0.${"0".repeat(-e - 1)}`;
    for (let index = 0; index < length; index++) text += c[index];
    return text;
  }
  for (let index = 0; index <= e; index++) text += c[index] ?? 0;
  if (length <= e + 1) return text;
  text += ".";
  for (let index = e + 1; index < length; index++) text += c[index];
  return text;
}

/**
 * The decimal of a plain text, read digit by digit, which takes a third of the
 * time of the library's own reading; null for any other form.
 */
function fromPlainText(text: string): Decimal | null {
  const isNegative = text.charCodeAt(0) === MINUS;
  const digits: number[] = [];
  let point = -1;
  for (let index = isNegative ? 1 : 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === POINT && point === -1) point = digits.length;
    else if (code >= ZERO_CODE && code <= ZERO_CODE + 9) {
      digits.push(code - ZERO_CODE);
    } else return null;
  }
  const whole = point === -1 ? digits.length : point;
  let first = 0;
  while (first < digits.length && digits[first] === 0) first++;
  if (first === digits.length) return ZERO;
  let last = digits.length;
  while (digits[last - 1] === 0) last--;
  return toBig({
    c: first === 0 && last === digits.length
      ? digits
      : digits.slice(first, last),
    e: whole - first - 1,
    s: isNegative ? -1 : 1,
  });
}

const MINUS = 45;
const POINT = 46;
const ZERO_CODE = 48;

/** A decimal of its parts, as the library keeps them: digits, exponent of the first one, sign. */
function toBig(parts: { c: number[]; e: number; s: number }): Decimal {
  // Made by the library, so that all decimals are alike to the compiler.
  const value = new Big(ZERO) as {
    -readonly [Key in "c" | "e" | "s"]: Decimal[Key];
  };
  value.c = parts.c;
  value.e = parts.e;
  value.s = parts.s;
  return value as Decimal;
}

/**
 * Writes a finite number as {@link toDecimalText} writes its decimal.
 *
 * @throws {RangeError} If `value` is not finite.
 */
export function numberToDecimalText(value: number): DecimalText {
  const text = String(value);
  // Exponents, and what is not finite, go the long way.
  return isDecimalText(text) ? text : toDecimalText(decimal(value));
}

/** Rounds `value` down to a whole multiple of `step` (`step` > 0). */
export function floorToStep(value: Decimal, step: Decimal): Decimal {
  const isPowerOfTen = step.c.length === 1 && step.c[0] === 1 && step.e <= 0;
  return isPowerOfTen
    ? value.round(-step.e, Big.roundDown)
    : divide(value, step).round(0, Big.roundDown).times(step);
}

/** Places of a quotient, as the library's own division has them. */
const QUOTIENT_PLACES = 20;

/** Digits that a number holds exactly. */
const EXACT_DIGITS = 15;

/** Powers of ten that are kept ready; larger ones are computed. */
const POWERS_OF_TEN: readonly bigint[] = Array.from(
  { length: 64 },
  (_, power) => 10n ** BigInt(power),
);

/**
 * `dividend / divisor`, rounded half to even to 20 places: the same value as
 * the library's `div`, which works digit by digit, at a tenth of its time.
 *
 * @throws {Error} If `divisor` is zero.
 */
export function divide(dividend: Decimal, divisor: Decimal): Decimal {
  const shift = exponentOf(dividend) - exponentOf(divisor) + QUOTIENT_PLACES;
  // Zero goes to the library, which has the error for it.
  if (divisor.c[0] === 0 || dividend.c[0] === 0) return dividend.div(divisor);
  let numerator = coefficientOf(dividend);
  let denominator = coefficientOf(divisor);
  if (shift >= 0) numerator *= powerOfTen(shift);
  else denominator *= powerOfTen(-shift);
  let quotient = numerator / denominator;
  const rest = (numerator - quotient * denominator) * 2n;
  const isAboveHalf = rest > denominator ||
    (rest === denominator && (quotient & 1n) === 1n);
  if (isAboveHalf) quotient += 1n;
  return toQuotient(quotient, dividend.s * divisor.s);
}

/** About the value, to 1e-14 of it: for a quick comparison that an exact one follows. */
export function estimateOf(value: Decimal): number {
  const { c, s } = value;
  let digits = 0;
  const length = Math.min(c.length, EXACT_DIGITS);
  for (let index = 0; index < length; index++) digits = digits * 10 + c[index]!;
  return s * digits * 10 ** (value.e - length + 1);
}

/** Power of ten of the last digit. */
function exponentOf({ e, c }: Decimal): number {
  return e - c.length + 1;
}

function powerOfTen(power: number): bigint {
  return POWERS_OF_TEN[power] ?? 10n ** BigInt(power);
}

/** All digits as a whole number. */
function coefficientOf({ c }: Decimal): bigint {
  if (c.length > EXACT_DIGITS) return BigInt(c.join(""));
  let value = 0;
  for (let index = 0; index < c.length; index++) value = value * 10 + c[index]!;
  return BigInt(value);
}

/** The decimal of a whole number of 10^−20, built from its digits without parsing a text. */
function toQuotient(value: bigint, sign: number): Decimal {
  if (value === 0n) return ZERO;
  const text = value.toString();
  let length = text.length;
  while (text.charCodeAt(length - 1) === ZERO_CODE) length--;
  const digits = new Array<number>(length);
  for (let index = 0; index < length; index++) {
    digits[index] = text.charCodeAt(index) - ZERO_CODE;
  }
  return toBig({ c: digits, e: text.length - 1 - QUOTIENT_PLACES, s: sign });
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
