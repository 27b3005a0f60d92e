/**
 * Value at risk under an assumed distribution of returns. Losses are positive
 * parts of one; `tail` is the part of cases that are worse (0.05 for 95 %).
 *
 * @module
 */
import { normalDensity, normalQuantile } from "./normal.ts";
import { knownReturns, type Returns } from "./returns.ts";
import { valueAtRisk } from "./risk.ts";
import { type Moments, momentsOf } from "./statistics.ts";

/** Normal returns: −(m + z s). Null with fewer than two returns or without deviation. */
export function normalValueAtRisk(
  returns: Returns,
  tail: number,
): number | null {
  const moments = momentsOf(knownReturns(returns));
  return moments === null
    ? null
    : -(moments.mean + normalQuantile(tail) * moments.deviation);
}

/** Mean loss beyond it under normal returns: −m + s φ(z) / tail. */
export function normalExpectedShortfall(
  returns: Returns,
  tail: number,
): number | null {
  const moments = momentsOf(knownReturns(returns));
  if (moments === null) return null;
  const factor = normalDensity(normalQuantile(tail)) / tail;
  return -moments.mean + moments.deviation * factor;
}

/** Skewness from which the Cornish-Fisher expansion is no longer a distribution (Maillard 2012). */
const SKEWNESS_MAX = 2.485;

/**
 * Value at risk of moments by the Cornish-Fisher expansion, as it is:
 * z' = z + (z² − 1) S/6 + (z³ − 3z)(K − 3)/24 − (2z³ − 5z) S²/36, −(m + z' s).
 * Ask {@link isCornishFisherValid} first.
 */
export function cornishFisherLoss(moments: Moments, tail: number): number {
  const z = normalQuantile(tail);
  const { mean, deviation, skewness } = moments;
  const excess = moments.kurtosis - 3;
  const adjusted = z + (z ** 2 - 1) * skewness / 6 +
    (z ** 3 - 3 * z) * excess / 24 -
    (2 * z ** 3 - 5 * z) * skewness ** 2 / 36;
  return -(mean + adjusted * deviation);
}

/**
 * Whether the expansion can be used for `tail`: skewness within bounds, and z'
 * rising with z from the quantile of `tail` to that of 1 − `tail`. Beyond that
 * a larger loss would have a larger chance than a smaller one.
 */
export function isCornishFisherValid(
  { skewness, kurtosis }: Moments,
  tail: number,
): boolean {
  if (Math.abs(skewness) >= SKEWNESS_MAX) return false;
  // Derivative of z' by z: square · z² + linear · z + constant.
  const square = (kurtosis - 3) / 8 - skewness ** 2 / 6;
  const linear = skewness / 3;
  const constant = 1 - (kurtosis - 3) / 8 + 5 * skewness ** 2 / 36;
  const slope = (z: number) => square * z ** 2 + linear * z + constant;
  const z = Math.abs(normalQuantile(tail));
  const lowest = square > 0 ? -linear / (2 * square) : z;
  return [-z, z, Math.min(z, Math.max(-z, lowest))].every((at) =>
    slope(at) > 0
  );
}

/**
 * Value at risk that allows for skewness and kurtosis, where the expansion is
 * valid; the historical one otherwise. At 95 % fat tails can lower it. Null with
 * fewer than two returns or without deviation.
 */
export function cornishFisherValueAtRisk(
  returns: Returns,
  tail: number,
): number | null {
  const moments = momentsOf(knownReturns(returns));
  if (moments === null) return null;
  return isCornishFisherValid(moments, tail)
    ? cornishFisherLoss(moments, tail)
    : valueAtRisk(returns, { tail });
}

/** Weight of the past in the variance of daily returns (RiskMetrics 1996). */
export const EWMA_DECAY = 0.94;

/**
 * Exponentially weighted variance after each return: v = 0.94 v + 0.06 r²,
 * started from the square of the first one; the mean counts as 0.
 */
export function ewmaVariances(returns: Returns): readonly number[] {
  let variance: number | null = null;
  return knownReturns(returns).map((value) => {
    variance = variance === null
      ? value ** 2
      : EWMA_DECAY * variance + (1 - EWMA_DECAY) * value ** 2;
    return variance;
  });
}

/** Value at risk of the next period: −z √v of {@link ewmaVariances}. Null without a return. */
export function ewmaValueAtRisk(returns: Returns, tail: number): number | null {
  const variance = ewmaVariances(returns).at(-1);
  return variance === undefined
    ? null
    : -normalQuantile(tail) * Math.sqrt(variance);
}
