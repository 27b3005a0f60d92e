/**
 * Value at risk and expected shortfall from the returns as they were. Both are
 * positive parts of one: what a period loses in its worst `tail` of cases.
 *
 * @module
 */
import { knownReturns, type Returns } from "./returns.ts";
import { quantileOf, sorted } from "./statistics.ts";

/** Which return is the quantile. */
export type QuantileRule =
  /** Between two returns, at (n − 1) p: numpy, empyrical. */
  | "linear"
  /** The ⌈n p⌉-th smallest return itself: Riskfolio. */
  | "order_statistic";

/** What is asked for. */
export interface TailOptions {
  /** Part of the cases that are worse: 0.05 for value at risk at 95 %. */
  tail: number;
  rule?: QuantileRule;
}

/** Loss that is exceeded in `tail` of the periods. Negative where even those were gains; null without a return. */
export function valueAtRisk(
  returns: Returns,
  { tail, rule = "linear" }: TailOptions,
): number | null {
  const ascending = sorted(knownReturns(returns));
  if (ascending.length === 0) return null;
  return rule === "linear"
    ? -quantileOf(ascending, tail)
    : -ascending[orderOf(ascending.length, tail) - 1]!;
}

/**
 * Mean loss of the periods at or beyond the value at risk. Linear: mean of the
 * ⌊(n − 1) p⌋ + 1 smallest returns (empyrical). Order statistic: value at risk
 * plus the sum of what lies beyond it over n p (Riskfolio). Null without a
 * return.
 */
export function expectedShortfall(
  returns: Returns,
  { tail, rule = "linear" }: TailOptions,
): number | null {
  const ascending = sorted(knownReturns(returns));
  const count = ascending.length;
  if (count === 0) return null;
  if (rule === "linear") {
    const worst = ascending.subarray(0, Math.floor((count - 1) * tail) + 1);
    return -worst.reduce((sum, value) => sum + value, 0) / worst.length;
  }
  const order = orderOf(count, tail);
  const quantile = ascending[order - 1]!;
  const beyond = ascending.subarray(0, order)
    .reduce((sum, value) => sum + quantile - value, 0);
  return -quantile + (tail === 0 ? 0 : beyond / (count * tail));
}

/** ⌈n p⌉, at least 1; a product that misses a whole number by rounding is that number. */
function orderOf(count: number, tail: number): number {
  return Math.max(1, Math.ceil(count * tail - 1e-9));
}
