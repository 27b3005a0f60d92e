import { assert } from "../../../lib/core/assert.ts";

/**
 * Loss over several periods: times the square root of their number. It holds
 * for independent returns of equal spread alone; trends and clustered
 * volatility make it too small.
 */
export function scaleToHorizon(loss: number, periods: number): number {
  assert(
    Number.isFinite(periods) && periods > 0,
    `A horizon must be a number of periods above 0, was ${periods}`,
  );
  return loss * Math.sqrt(periods);
}
