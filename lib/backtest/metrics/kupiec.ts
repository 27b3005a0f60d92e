/**
 * Test of a value at risk against what happened (Kupiec 1995).
 *
 * @module
 */
import type { ValueAtRiskCheck } from "../../contracts/backtest_report.ts";
import { normalQuantile } from "./normal.ts";
import { knownReturns, type Returns } from "./returns.ts";
import { ewmaVariances } from "./risk_models.ts";

/** 95 % quantile of χ² with one degree of freedom. */
export const KUPIEC_REJECTED_ABOVE = 3.841;

/**
 * Likelihood ratio of the share of exceeded days against the promised one:
 * 2 [x ln(x / (T p)) + (T − x) ln((1 − x/T) / (1 − p))]. The value at risk is
 * rejected at 95 % above {@link KUPIEC_REJECTED_ABOVE}.
 */
export function kupiecRatio(
  { days, exceeded, tail }: { days: number; exceeded: number; tail: number },
): number {
  const kept = days - exceeded;
  // 0 · ln 0 is 0 here: what never happened adds nothing.
  const part = (count: number, chance: number) =>
    count === 0 ? 0 : count * Math.log(count / (days * chance));
  return 2 * (part(exceeded, tail) + part(kept, 1 - tail));
}

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
