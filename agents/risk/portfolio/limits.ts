/**
 * Every limit of the portfolio's risk. They keep an assessment within its time
 * and its memory, and say when data are too thin for a figure.
 *
 * @module
 */

/** Markets of one history of returns. One more is refused until another is forgotten. */
export const MARKETS_LIMIT = 128;

/** Rows of one history of returns. When full, the oldest row is forgotten. */
export const RETURN_ROWS_LIMIT = 2_000;

/** Positions of one assessment. More are a defect of the caller. */
export const POSITIONS_LIMIT = 1_000;

/** Scenarios of one assessment. More are a defect of the caller. */
export const SCENARIOS_LIMIT = 32;

/** Rules of one set. A set with more is refused. */
export const RULES_LIMIT = 64;

/** Fewest returns of a loss estimate, whatever its level; with fewer it is unknown. */
export const OBSERVATIONS_MIN = 20;

/** Fewest returns that two markets must have in common; with fewer their correlation is unknown. */
export const COMMON_OBSERVATIONS_MIN = 20;

/** Part of its mean square below which the variance of returns is but a rounding error: the returns are equal. */
export const VARIANCE_SHARE_MIN = 1e-12;

/** Largest part of unknown returns among those a loss is estimated from; with more it is unknown. */
export const GAP_SHARE_MAX = 0.05;

/** Pairs of markets with the highest correlation that an assessment lists; the others are left out. */
export const HIGHEST_PAIRS = 5;
