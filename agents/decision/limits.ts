/**
 * Every limit of the features and of the labels.
 *
 * @module
 */

/** Bound of every feature that has none by itself, and of a normalised one; what lies beyond is cut to it. */
export const FEATURE_CLIP = 5;

/**
 * Candles until the first row, that of the last of them. The mean of the first
 * 200 candles, from which the EMA of 200 starts, then weighs 5 % in it, and
 * zones of the preset age are complete.
 */
export const WARM_UP_CANDLES = 500;

/** Candles after which the recency of an event has fallen to a half. */
export const RECENCY_HALF_CANDLES = 24;

/** Candles for which a sweep of liquidity counts as recent, its own included. */
export const SWEPT_CANDLES = 12;

/** Candles of the volume's window and of the longer window of realised volatility. */
export const LONG_WINDOW_CANDLES = 96;

/** Candles of the shorter window of realised volatility. */
export const SHORT_WINDOW_CANDLES = 12;

/** Weight of the past in the EWMA volatility of returns (RiskMetrics 1996). */
export const VOLATILITY_DECAY = 0.94;
