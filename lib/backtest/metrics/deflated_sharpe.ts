/**
 * How far a Sharpe ratio can be trusted: given its length and shape, and given
 * how many parameter sets were tried before it was picked.
 *
 * @module
 */
import { normalCdf, normalQuantile } from "../../core/statistics/normal.ts";
import { knownReturns, type Returns } from "../../core/statistics/returns.ts";
import { momentsOf, sampleDeviation } from "../../core/statistics/sample.ts";
import type { PeriodOptions } from "./ratios.ts";
import { DAYS_PER_YEAR } from "./returns.ts";

/** Euler and Mascheroni's constant. */
const EULER = 0.577_215_664_901_532_9;

/** A Sharpe ratio of one period (not annualised) and what is known of its returns. */
export interface SharpeEstimate {
  sharpe: number;
  /** Ratio that it must beat, of one period. */
  benchmark: number;
  /** Number of returns. */
  periods: number;
  skewness: number;
  /** 3 for normal returns. */
  kurtosis: number;
}

/**
 * Chance that the true Sharpe ratio is above the benchmark:
 * Φ((S − B) √(T − 1) / √(1 − γ₃ S + (γ₄ − 1)/4 · S²)) (Bailey and López de Prado
 * 2012). Null with fewer than two returns or where the variance is not positive.
 */
export function probabilisticSharpe(
  { sharpe, benchmark, periods, skewness, kurtosis }: SharpeEstimate,
): number | null {
  const variance = 1 - skewness * sharpe + (kurtosis - 1) / 4 * sharpe ** 2;
  if (periods < 2 || !(variance > 0)) return null;
  return normalCdf(
    (sharpe - benchmark) * Math.sqrt(periods - 1) / Math.sqrt(variance),
  );
}

/**
 * Largest Sharpe ratio to be expected of `trials` tries without any skill:
 * √V · ((1 − γ) Φ⁻¹(1 − 1/N) + γ Φ⁻¹(1 − 1/(N e))). `deviation` is √V, that of
 * the ratios tried. 0 for a single try.
 */
export function expectedMaxSharpe(
  { trials, deviation }: { trials: number; deviation: number },
): number {
  if (trials < 2) return 0;
  return deviation * (
    (1 - EULER) * normalQuantile(1 - 1 / trials) +
    EULER * normalQuantile(1 - 1 / (trials * Math.E))
  );
}

/**
 * Deflated Sharpe ratio: chance, 0 to 1, that the true Sharpe ratio of the best
 * set is above what the best of so many sets shows by luck (Bailey and López de
 * Prado 2014). `sharpes` are the annualised ratios of all sets tried, null for
 * one without a ratio, as without trades: it was tried and counts, while the
 * deviation is that of the known ones. `returns` are the daily ones of the best.
 * The sets count as independent; sets that resemble each other make it too
 * strict. Null where a ratio, its error or the deviation cannot be known.
 */
export function deflatedSharpe(
  { sharpes, returns, periodsPerYear = DAYS_PER_YEAR }:
    & { sharpes: Returns; returns: Returns }
    & PeriodOptions,
): number | null {
  const known = knownReturns(returns);
  const moments = momentsOf(known);
  const ratios = knownReturns(sharpes);
  const trials = sharpes.length;
  if (moments === null || trials === 0) return null;
  if (ratios.length < Math.min(trials, 2)) return null;
  const deviation = trials === 1
    ? 0
    : sampleDeviation(ratios) / Math.sqrt(periodsPerYear);
  return probabilisticSharpe({
    sharpe: moments.mean / moments.deviation,
    benchmark: expectedMaxSharpe({ trials, deviation }),
    periods: known.length,
    skewness: moments.skewness,
    kurtosis: moments.kurtosis,
  });
}
