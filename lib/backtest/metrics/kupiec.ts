/**
 * Test of a value at risk against what happened (Kupiec 1995).
 *
 * @module
 */
import type { ValueAtRiskCheck } from "../../contracts/backtest_report.ts";
import {
  KUPIEC_REJECTED_ABOVE,
  kupiecRatio,
} from "../../core/statistics/kupiec.ts";
import { ewmaVariances } from "../../core/statistics/loss_models.ts";
import { normalQuantile } from "../../core/statistics/normal.ts";
import { knownReturns, type Returns } from "../../core/statistics/returns.ts";

/** Days that start the variance before the first one is judged. */
const WARM_UP_DAYS = 20;

/**
 * Judges the EWMA value at risk at 95 %: each day's loss against the figure of
 * the day before, which did not know it. Null with fewer than 50 judged days.
 */
export function checkValueAtRisk(returns: Returns): ValueAtRiskCheck | null {
  const tail = 0.05;
  const known = knownReturns(returns);
  const days = known.length - WARM_UP_DAYS;
  if (days < JUDGED_DAYS_MIN) return null;
  const variances = ewmaVariances(known);
  const factor = normalQuantile(tail);
  let exceeded = 0;
  for (let day = WARM_UP_DAYS; day < known.length; day++) {
    if (known[day]! < factor * Math.sqrt(variances[day - 1]!)) exceeded++;
  }
  const likelihoodRatio = kupiecRatio({ days, exceeded, tail });
  return {
    days,
    exceeded,
    expected: days * tail,
    likelihoodRatio,
    isRejected: likelihoodRatio > KUPIEC_REJECTED_ABOVE,
  };
}

/** Fewer days than this say nothing about one day in twenty. */
const JUDGED_DAYS_MIN = 50;
