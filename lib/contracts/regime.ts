/**
 * What the market was like when a trade was decided on. It is told with the
 * intent and kept with the trade, so that results can be broken down by it
 * later; it changes nothing of what is traded.
 *
 * @module
 */

/**
 * Trends by the ADX of 14 candles (Wilder 1978): from 25 `up` or `down`, below
 * 20 `range`, between them `mixed`.
 */
export const TRENDS = ["up", "down", "mixed", "range"] as const;
export type Trend = (typeof TRENDS)[number];

/** Volatilities by the place of the ATR among its last values: the lowest quarter, the middle half, the highest quarter. */
export const VOLATILITIES = ["low", "normal", "high"] as const;
export type Volatility = (typeof VOLATILITIES)[number];

/** The market of one decision. Null where too few candles were seen to say. */
export interface MarketRegime {
  trend: Trend | null;
  volatility: Volatility | null;
}
