/**
 * Returns of a portfolio that is held as it is now, over the past: what its
 * present weights would have earned in each period. Simple returns, because
 * those of parts add up to that of the whole. NaN is unknown here, as arrays of
 * numbers have no null.
 *
 * @module
 */
import { assert } from "../../../lib/core/assert.ts";
import { type Decimal, estimateOf } from "../../../lib/core/decimal.ts";

/** Signed notionals of markets over equity: negative where short. Null unless all are known and equity is positive. */
export function weightsOf(
  netNotionals: readonly (Decimal | null)[],
  equity: Decimal | null,
): Float64Array | null {
  if (equity === null || !equity.gt(0)) return null;
  const base = estimateOf(equity);
  const weights = new Float64Array(netNotionals.length);
  for (const [index, notional] of netNotionals.entries()) {
    if (notional === null) return null;
    weights[index] = estimateOf(notional) / base;
  }
  return weights;
}

/** Return of each price over the one before, one fewer than prices. NaN where either is unknown or not positive. */
export function returnsOfPrices(
  prices: readonly (number | null)[],
): Float64Array {
  const returns = new Float64Array(Math.max(0, prices.length - 1));
  for (let index = 1; index < prices.length; index++) {
    returns[index - 1] = returnOf(prices[index - 1]!, prices[index]!);
  }
  return returns;
}

/** Return from one price to the next; NaN where either is unknown, not finite or not positive. */
export function returnOf(
  before: number | null | undefined,
  now: number | null | undefined,
): number {
  const isKnown = isPrice(before) && isPrice(now);
  return isKnown ? now / before - 1 : NaN;
}

function isPrice(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

/** Returns of the portfolio from one weight and one series of returns for each market, all of one length. */
export function portfolioReturns(
  weights: ArrayLike<number>,
  series: readonly Float64Array[],
): Float64Array {
  assert(
    weights.length === series.length,
    `${weights.length} weights do not fit ${series.length} series`,
  );
  const totals = new Float64Array(series[0]?.length ?? 0);
  for (const [index, returns] of series.entries()) {
    assert(
      returns.length === totals.length,
      `Series of returns have ${totals.length} and ${returns.length} rows`,
    );
    addWeighted(totals, { weight: weights[index]!, returns });
  }
  return totals;
}

/** An unknown return makes the total unknown, unless the weight is 0. */
function addWeighted(
  totals: Float64Array,
  { weight, returns }: { weight: number; returns: Float64Array },
): void {
  if (weight === 0) return;
  for (let index = 0; index < totals.length; index++) {
    totals[index]! += weight * returns[index]!;
  }
}
