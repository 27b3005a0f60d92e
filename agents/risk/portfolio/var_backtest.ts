/**
 * Whether a value at risk was kept: Kupiec's proportion of failures and the
 * Basel traffic light.
 *
 * @module
 */
import { assert } from "../../../lib/core/assert.ts";
import {
  KUPIEC_REJECTED_ABOVE,
  kupiecRatio,
} from "../../../lib/core/statistics/kupiec.ts";
import { normalCdf } from "../../../lib/core/statistics/normal.ts";
import { tailOf } from "./loss_estimate.ts";

/** What happened. */
export interface ExceedanceCount {
  /** Periods that were judged, at least one. */
  periods: number;
  /** Periods whose loss was larger than the value at risk. */
  exceeded: number;
  /** Level of the value at risk, for instance 0.99. */
  level: number;
}

/** Result of Kupiec's test. */
export interface KupiecTest {
  /** Exceeded periods that the level promises. */
  expected: number;
  likelihoodRatio: number;
  /** Chance of a ratio at least as large if the level is right: χ² with one degree of freedom. */
  pValue: number;
  /** Rejected at 95 %: the ratio is above 3.841. */
  isRejected: boolean;
}

/** Kupiec's test (1995). It says no more than whether the number is right, not whether exceedances cluster. */
export function kupiecTest(count: ExceedanceCount): KupiecTest {
  checkCount(count);
  const { periods, exceeded, level } = count;
  const tail = tailOf(level);
  // The exact ratio is never negative; rounding can make it so where both shares agree.
  const likelihoodRatio = Math.max(
    0,
    kupiecRatio({ days: periods, exceeded, tail }),
  );
  return {
    expected: periods * tail,
    likelihoodRatio,
    pValue: Math.min(1, 2 * normalCdf(-Math.sqrt(likelihoodRatio))),
    isRejected: likelihoodRatio > KUPIEC_REJECTED_ABOVE,
  };
}

export type BaselZone = "green" | "yellow" | "red";

/** Chances of so few exceedances at which the zones begin (Basel Committee 1996, table 2). */
const YELLOW_FROM = 0.95;
const RED_FROM = 0.9999;

/**
 * Zone of a value at risk by the chance of at most so many exceedances if the
 * level is right: green below 95 %, red from 99.99 % on. At 99 % over 250 days
 * these are the published zones: 0 to 4, 5 to 9, 10 and more.
 */
export function baselZone(count: ExceedanceCount): BaselZone {
  const chance = cumulativeChance(count);
  if (chance < YELLOW_FROM) return "green";
  return chance < RED_FROM ? "yellow" : "red";
}

/** Chance of at most `exceeded` exceedances if the level is right: binomial, summed in logarithms. */
export function cumulativeChance(count: ExceedanceCount): number {
  checkCount(count);
  const { periods, exceeded, level } = count;
  const tail = tailOf(level);
  let logTerm = periods * Math.log1p(-tail);
  let chance = Math.exp(logTerm);
  for (let index = 1; index <= exceeded; index++) {
    logTerm += Math.log((periods - index + 1) / index * tail / (1 - tail));
    chance += Math.exp(logTerm);
  }
  return Math.min(1, chance);
}

function checkCount({ periods, exceeded }: ExceedanceCount): void {
  assert(
    Number.isInteger(periods) && Number.isInteger(exceeded) && periods > 0 &&
      exceeded >= 0 && exceeded <= periods,
    `${exceeded} exceeded of ${periods} periods cannot be judged`,
  );
}
