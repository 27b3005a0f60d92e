/**
 * Comparisons that make no decimals where floating point is certain. The chain
 * of controls makes dozens of them for each order; the exact comparison follows
 * only where the two are about equal.
 *
 * @module
 */
import {
  type Decimal,
  decimal,
  type DecimalText,
  estimateOf,
} from "../../lib/core/decimal.ts";

/** How far apart two values must be, as part of the larger, so that their estimates tell. */
const CLEARLY = 1e-9;

/** 1 or −1 where two estimates are certain of the order, 0 where the exact values must tell. */
export function estimatedOrder(a: number, b: number): -1 | 0 | 1 {
  const margin = CLEARLY * Math.max(Math.abs(a), Math.abs(b));
  if (a - b > margin) return 1;
  return b - a > margin ? -1 : 0;
}

/** The same for a sum, whose parts may all but cancel each other out. */
function estimatedSumOrder(
  { a, b, limit }: { a: number; b: number; limit: number },
): -1 | 0 | 1 {
  const size = Math.max(Math.abs(a), Math.abs(b), Math.abs(limit));
  const difference = a + b - limit;
  if (!(Math.abs(difference) > CLEARLY * size)) return 0;
  return difference > 0 ? 1 : -1;
}

/** Whether `value` is above `limit`, exactly. */
export function isAbove(value: Decimal, limit: DecimalText): boolean {
  const order = estimatedOrder(estimateOf(value), Number(limit));
  return order === 0 ? value.gt(decimal(limit)) : order > 0;
}

/** Whether `value` is below `limit`, exactly. */
export function isBelow(value: Decimal, limit: DecimalText): boolean {
  const order = estimatedOrder(estimateOf(value), Number(limit));
  return order === 0 ? value.lt(decimal(limit)) : order < 0;
}

/** Whether `a + b` is above `limit`, exactly. */
export function isSumAbove(
  { a, b, limit }: { a: Decimal; b: Decimal; limit: DecimalText },
): boolean {
  const order = estimatedSumOrder({
    a: estimateOf(a),
    b: estimateOf(b),
    limit: Number(limit),
  });
  return order === 0 ? a.plus(b).gt(decimal(limit)) : order > 0;
}

/** Whether `value` is above `factor × unit`, exactly. */
export function isAboveTimes(
  { value, unit, factor }: { value: Decimal; unit: Decimal; factor: number },
): boolean {
  const order = estimatedOrder(estimateOf(value), estimateOf(unit) * factor);
  return order === 0 ? value.gt(unit.times(decimal(factor))) : order > 0;
}

/** Below 0, 0 or above 0 as `a` is below, at or above `b`, exactly. */
export function orderOfTexts(a: DecimalText, b: DecimalText): number {
  return estimatedOrder(Number(a), Number(b)) || decimal(a).cmp(decimal(b));
}

/** The same for `a × b` and `limit`. */
export function orderOfProduct(
  { a, b, limit }: { a: DecimalText; b: DecimalText; limit: DecimalText },
): number {
  return estimatedOrder(Number(a) * Number(b), Number(limit)) ||
    decimal(a).times(decimal(b)).cmp(decimal(limit));
}

/** The same for `a + b` and `limit`. */
export function orderOfSum(
  { a, b, limit }: { a: DecimalText; b: DecimalText; limit: DecimalText },
): number {
  return estimatedSumOrder({
    a: Number(a),
    b: Number(b),
    limit: Number(limit),
  }) ||
    decimal(a).plus(decimal(b)).cmp(decimal(limit));
}

/** Whether a decimal is above zero, without making one to compare with. */
export function isPositive({ s, c }: Decimal): boolean {
  return s > 0 && c[0] !== 0;
}
