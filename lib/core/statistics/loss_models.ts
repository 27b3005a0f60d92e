/**
 * Value at risk under an assumed distribution of returns. Losses are positive
 * parts of one; `tail` is the part of cases that are worse (0.05 for 95 %).
 *
 * @module
 */
import { normalDensity, normalQuantile } from "./normal.ts";
import { knownReturns, type Returns } from "./returns.ts";
import { valueAtRisk } from "./value_at_risk.ts";
import { type Moments, momentsOf } from "./sample.ts";

/** Loss of normal returns with these moments: −(m + z s). */
export function normalLoss(
  { mean, deviation }: Pick<Moments, "mean" | "deviation">,
  tail: number,
): number {
  return -(mean + normalQuantile(tail) * deviation);
}

/** Mean loss beyond it: −m + s φ(z) / tail. */
export function normalShortfall(
  { mean, deviation }: Pick<Moments, "mean" | "deviation">,
  tail: number,
): number {
  return -mean + deviation * (normalDensity(normalQuantile(tail)) / tail);
}

/** {@link normalLoss} of returns. Null with fewer than two returns or without deviation. */
export function normalValueAtRisk(
  returns: Returns,
  tail: number,
): number | null {
  const moments = momentsOf(knownReturns(returns));
  return moments === null ? null : normalLoss(moments, tail);
}

/** {@link normalShortfall} of returns. Null with fewer than two returns or without deviation. */
export function normalExpectedShortfall(
  returns: Returns,
  tail: number,
): number | null {
  const moments = momentsOf(knownReturns(returns));
  return moments === null ? null : normalShortfall(moments, tail);
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
 * Mean loss beyond it: −m + s φ(z) / tail · (1 + z S/6 + (1 − 2z²) S²/36 +
 * (z² − 1)(K − 3)/24), the integral of z' over the tail (Maillard 2012). Ask
 * {@link isCornishFisherTailValid} first.
 */
export function cornishFisherShortfall(moments: Moments, tail: number): number {
  const z = normalQuantile(tail);
  const { mean, deviation, skewness, kurtosis } = moments;
  const shape = 1 + z * skewness / 6 +
    (1 - 2 * z ** 2) * skewness ** 2 / 36 +
    (z ** 2 - 1) * (kurtosis - 3) / 24;
  return -mean + deviation * normalDensity(z) / tail * shape;
}

/**
 * Whether the expansion can be used for `tail`: skewness within bounds, and z'
 * rising with z from the quantile of `tail` to that of 1 − `tail`. Beyond that
 * a larger loss would have a larger chance than a smaller one.
 */
export function isCornishFisherValid(
  moments: Moments,
  tail: number,
): boolean {
  if (Math.abs(moments.skewness) >= SKEWNESS_MAX) return false;
  const { square, linear, constant } = slopeOf(moments);
  const slope = (z: number) => square * z ** 2 + linear * z + constant;
  const z = Math.abs(normalQuantile(tail));
  const lowest = square > 0 ? -linear / (2 * square) : z;
  return [-z, z, Math.min(z, Math.max(-z, lowest))].every((at) =>
    slope(at) > 0
  );
}

/**
 * Whether it can be used for the mean loss beyond `tail`: z' must rise in the
 * whole tail, too, over which that mean is taken.
 */
export function isCornishFisherTailValid(
  moments: Moments,
  tail: number,
): boolean {
  if (!isCornishFisherValid(moments, tail)) return false;
  const { square, linear, constant } = slopeOf(moments);
  if (square <= 0) return square === 0 && linear <= 0;
  const lowest = Math.min(normalQuantile(tail), -linear / (2 * square));
  return square * lowest ** 2 + linear * lowest + constant > 0;
}

/** Derivative of z' by z: square · z² + linear · z + constant. */
function slopeOf({ skewness, kurtosis }: Moments) {
  return {
    square: (kurtosis - 3) / 8 - skewness ** 2 / 6,
    linear: skewness / 3,
    constant: 1 - (kurtosis - 3) / 8 + 5 * skewness ** 2 / 36,
  };
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

/** How an exponentially weighted variance begins. */
export type EwmaSeed =
  /** With the square of the first return. */
  | "first_square"
  /** With the mean square of the first {@link EWMA_SEED_WINDOW} returns; goes on after them. */
  | "first_window";

/** Returns of the seed `first_window`. */
export const EWMA_SEED_WINDOW = 20;

/**
 * Exponentially weighted variance after the last return, as
 * {@link ewmaVariances} has it. Null with fewer returns than the seed takes.
 */
export function ewmaVariance(
  returns: ArrayLike<number>,
  { decay = EWMA_DECAY, seed = "first_square" }: {
    decay?: number;
    seed?: EwmaSeed;
  } = {},
): number | null {
  const seeds = seed === "first_square" ? 1 : EWMA_SEED_WINDOW;
  if (returns.length < seeds) return null;
  let variance = 0;
  for (let index = 0; index < seeds; index++) {
    variance += returns[index]! * returns[index]! / seeds;
  }
  for (let index = seeds; index < returns.length; index++) {
    const square = returns[index]! * returns[index]!;
    variance = decay * variance + (1 - decay) * square;
  }
  return variance;
}
