import { DAYS_PER_YEAR } from "./returns.ts";
import type { PeriodOptions } from "./ratios.ts";

/**
 * Standard error of an annualised Sharpe ratio of independent returns:
 * √((1 + S²/2) / T) with S of one period and T periods, annualised (Lo 2002, The
 * Statistics of Sharpe Ratios). Null where the ratio is.
 */
export function sharpeError(
  { sharpe, periods, periodsPerYear = DAYS_PER_YEAR }:
    & { sharpe: number | null; periods: number }
    & PeriodOptions,
): number | null {
  if (sharpe === null || periods < 2) return null;
  const squareOfPeriod = sharpe ** 2 / periodsPerYear;
  return Math.sqrt((1 + squareOfPeriod / 2) / periods * periodsPerYear);
}
