/** Limits of this folder, one place for all. What happens at each limit is said beside it. */

/** Largest `model.json`; a larger one is refused. Statistics of 256 features take 15 KB. */
export const MANIFEST_BYTES_MAX = 262_144;

/** Random windows that a model must answer with sound numbers before it counts as usable; one of zeros comes first. */
export const TRIAL_WINDOWS = 16;

/** How far the sum of a model's own probabilities may be from 1, and each of them below 0. */
export const PROBABILITY_TOLERANCE = 0.001;

/** Longest text of an error of the runtime that is passed on. */
export const RUNTIME_ERROR_CHARACTERS = 200;
