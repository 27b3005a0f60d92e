/**
 * Whether loss estimates would have been kept: each period's return against the
 * estimate from the periods before it.
 *
 * @module
 */
import { estimateLoss, type LossMethod } from "./loss_estimate.ts";
import { createSampleBuffers, prepareSample } from "./loss_sample.ts";

/** How often one method's value at risk was exceeded. */
export interface LossBacktest {
  method: LossMethod;
  level: number;
  periods: number;
  exceeded: number;
}

/** What is tested. */
export interface LossBacktestOptions {
  methods: readonly LossMethod[];
  levels: readonly number[];
  /** Returns that each estimate is made from. */
  window: number;
  /** Newest periods that are judged at most. */
  periodsMax: number;
}

/**
 * Counts for each method and level the periods whose loss was larger than the
 * value at risk. What is unknown is left out; a method that cannot estimate
 * judges nothing. `returns` are those of one portfolio, oldest first.
 */
export function backtestLosses(
  returns: ArrayLike<number>,
  { methods, levels, window, periodsMax }: LossBacktestOptions,
): LossBacktest[] {
  const known = Float64Array.from(returns).filter(Number.isFinite);
  const counts = levels.flatMap((level) =>
    methods.map((method): LossBacktest => ({
      method,
      level,
      periods: 0,
      exceeded: 0,
    }))
  );
  const buffers = createSampleBuffers(window);
  const first = Math.max(window, known.length - periodsMax);
  for (let period = first; period < known.length; period++) {
    const sample = prepareSample(
      known.subarray(period - window, period),
      buffers,
    );
    for (const count of counts) {
      const { valueAtRisk } = estimateLoss(sample, count);
      if (valueAtRisk === null) continue;
      count.periods++;
      if (-known[period]! > valueAtRisk) count.exceeded++;
    }
  }
  return counts;
}
