/**
 * Returns of periods of equal length as parts of one (0.01 = 1 %). Null is a
 * period whose return is unknown: it counts as time, not as an observation.
 */
export type Returns = readonly (number | null)[];

/** The returns that are known, in order. */
export function knownReturns(returns: Returns): readonly number[] {
  return returns.filter((value) => value !== null);
}
