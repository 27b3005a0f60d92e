/** Most draws of a Monte Carlo study (runs × trades); a longer study has fewer runs, and the report says how many. */
export const MONTE_CARLO_DRAWS_MAX = 20_000_000;

/** Deepest drawdowns that a report lists; shallower ones are left out. */
export const DRAWDOWNS_LISTED_MAX = 10;
