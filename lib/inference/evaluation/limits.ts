/** Limits and fixed numbers of this folder, one place for all. */

/** Margins between the chances of up and down that are tried on the last validation. */
export const MARGINS = [0, 0.05, 0.1, 0.2] as const;

/** A margin counts only if at least this part of the validation's candles has a position: one that never trades shows nothing. */
export const EXPOSURE_MIN = 0.05;

/** Fewest rows that are measured; fewer are refused with a sentence. */
export const SEGMENT_ROWS_MIN = 100;

/** Cost of a side for a model without a card, in basis points. */
export const COST_BP_PRESET = 1;

/** Largest cost of a side that is taken, in basis points; a larger one is refused as wrong usage. */
export const COST_BP_MAX = 1_000;

/** Random shifts of the positions. */
export const RANDOM_DRAWS = 1_000;

/** Seed of the shifts, so that figures can be repeated. */
export const RANDOM_SEED = 7;

/** Parts of the calibration curve. */
export const CALIBRATION_BINS = 10;

/**
 * How far a repeated figure may be from the card's, times the larger of 1 and
 * the figure. Programs add in different orders, so that a chance at a margin may
 * fall on its other side and turn one position.
 */
export const TOLERANCE = 0.001;

/** Share of random shifts that may do as well as a model that beats chance. */
export const RANDOM_SHARE_MAX = 0.05;

/** Least deflated Sharpe ratio of a model that beats its trials. */
export const DEFLATED_SHARPE_MIN = 0.95;

/** Largest text file of a package that is read; a longer one is refused. */
export const PACKAGE_TEXT_BYTES_MAX = 1_048_576;

/** Largest file of a study's logits; 3 variants on 3 folds of 200,000 rows. */
export const STUDY_BYTES_MAX = 67_108_864;
