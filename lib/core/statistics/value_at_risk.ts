/**
 * Value at risk and expected shortfall from the returns as they were. Both are
 * positive parts of one: what a period loses in its worst `tail` of cases.
 *
 * @module
 */
import { knownReturns, type Returns } from "./returns.ts";
import { quantileOf, sorted } from "./sample.ts";

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
  options: TailOptions,
): number | null {
  const ascending = sorted(knownReturns(returns));
  return ascending.length === 0 ? null : lossOfSorted(ascending, options);
}

/** {@link valueAtRisk} of at least one return, in ascending order already. */
export function lossOfSorted(
  ascending: ArrayLike<number>,
  { tail, rule = "linear" }: TailOptions,
): number {
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
  options: TailOptions,
): number | null {
  const ascending = sorted(knownReturns(returns));
  return ascending.length === 0 ? null : shortfallOfSorted(ascending, options);
}

/** {@link expectedShortfall} of at least one return, in ascending order already. */
export function shortfallOfSorted(
  ascending: ArrayLike<number>,
  { tail, rule = "linear" }: TailOptions,
): number {
  const count = ascending.length;
  let sum = 0;
  if (rule === "linear") {
    const worst = Math.floor((count - 1) * tail) + 1;
    for (let index = 0; index < worst; index++) sum += ascending[index]!;
    return -sum / worst;
  }
  const order = orderOf(count, tail);
  const quantile = ascending[order - 1]!;
  for (let index = 0; index < order; index++) {
    sum += quantile - ascending[index]!;
  }
  return -quantile + (tail === 0 ? 0 : sum / (count * tail));
}

/** ⌈n p⌉, at least 1; a product that misses a whole number by rounding is that number. */
function orderOf(count: number, tail: number): number {
  return Math.max(1, Math.ceil(count * tail - 1e-9));
}
