/**
 * Amounts of the fake venue: whole numbers of 10^-8, as bigint. On purpose not
 * the decimals of the product, so that one bug cannot hide in both books.
 *
 * @module
 */

/** Decimal places of an amount. */
export const PLACES = 8;

/** One whole coin. */
export const ONE = 10n ** BigInt(PLACES);

const NUMBER = /^(-?)(\d{1,20})(?:\.(\d*))?$/;

/** Units of a decimal text; null if it is no number or finer than 10^-8. */
export function toUnits(text: string): bigint | null {
  const parts = NUMBER.exec(text);
  if (parts === null) return null;
  const [, sign, whole, fraction = ""] = parts;
  const kept = fraction.replace(/0+$/, "");
  if (kept.length > PLACES) return null;
  const units = BigInt(whole! + kept.padEnd(PLACES, "0"));
  return sign === "-" ? -units : units;
}

/** Units of a text that the code itself wrote. @throws {RangeError} If it is no amount. */
export function units(text: string): bigint {
  const value = toUnits(text);
  if (value === null) throw new RangeError(`${text} is not an amount`);
  return value;
}

/** Decimal text with exactly so many places; finer digits are cut off. */
export function toText(value: bigint, places = PLACES): string {
  const digits = (value < 0n ? -value : value).toString().padStart(
    PLACES + 1,
    "0",
  );
  const whole = digits.slice(0, -PLACES);
  const fraction = digits.slice(-PLACES).slice(0, places);
  const text = places === 0 ? whole : `${whole}.${fraction}`;
  return value < 0n && /[1-9]/.test(text) ? `-${text}` : text;
}

/** Product of two amounts, cut off towards zero. */
export function times(left: bigint, right: bigint): bigint {
  return left * right / ONE;
}

/** Quotient of two amounts, cut off towards zero. */
export function over(left: bigint, right: bigint): bigint {
  return left * ONE / right;
}

/** `value` cut down to a whole number of steps. */
export function floorTo(value: bigint, step: bigint): bigint {
  return value - value % step;
}

/** The smaller of two amounts. */
export function least(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

/** The amount without its sign. */
export function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
