/**
 * Every limit of the detectors. They keep the state of an agent bounded
 * whatever the market does.
 *
 * @module
 */

/** Active zones of one kind and side. When full, the oldest zone is ended. */
export const ACTIVE_ZONES_LIMIT = 256;

/** Live levels of liquidity on one side. When full, the oldest level is forgotten. */
export const LIQUIDITY_LEVELS_LIMIT = 64;

/** Longest leg that an order block is looked for in; an older swing's leg is cut to its newest candles. */
export const LEG_CANDLES_LIMIT = 1000;

/** Leg of a displacement, as a multiple of the ATR (docs/trading-model.md). */
export const DISPLACEMENT_ATR = 1.5;

/** Newest items of each kind on a chart. */
export const OVERLAY_ITEMS_LIMIT = 150;

/**
 * Places for events. A power of two, and more than {@link PATTERNS_KEPT} and
 * all that one candle can bring: three stages of each gap, two of each block
 * and one of each level on both sides.
 */
export const PATTERN_LOG_CAPACITY = 8192;

/** Events that are remembered for the chart; older ones are forgotten. */
export const PATTERNS_KEPT = 2000;
