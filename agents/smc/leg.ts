import type { Bias } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { LEG_CANDLES_LIMIT } from "./limits.ts";

/** The move that broke structure. */
export interface Leg {
  /** Candle of the extreme that the move started from. */
  originSeq: number;
  /** Price the move started from: the origin's low (bullish) or high (bearish). */
  originPrice: number;
  /** Distance from the origin's extreme to the furthest price since, as a positive number. */
  height: number;
}

/**
 * Finds the leg that ends at the newest candle and broke the swing at
 * `swingSeq`: its origin is the lowest low (bearish: highest high) after the
 * swing and before the newest candle, the latest among equals.
 */
export function findLeg(
  series: CandleSeries,
  options: { swingSeq: number; bias: Bias },
): Leg {
  const bias = options.bias;
  const seq = series.lastSeq;
  const from = Math.max(
    options.swingSeq + 1,
    series.oldestSeq,
    seq - LEG_CANDLES_LIMIT,
  );
  const origins = bias > 0 ? series.low : series.high;
  const ends = bias > 0 ? series.high : series.low;
  let originSeq = seq - 1;
  let origin = bias * origins[originSeq & SERIES_MASK]!;
  let furthest = Math.max(
    bias * ends[seq & SERIES_MASK]!,
    bias * ends[originSeq & SERIES_MASK]!,
  );
  let furthestSinceOrigin = furthest;
  for (let at = seq - 2; at >= from; at--) {
    const end = bias * ends[at & SERIES_MASK]!;
    if (end > furthest) furthest = end;
    const price = bias * origins[at & SERIES_MASK]!;
    // Strictly lower: going backwards, the first of equals is the latest.
    if (price < origin) {
      origin = price;
      originSeq = at;
      furthestSinceOrigin = furthest;
    }
  }
  return {
    originSeq,
    originPrice: bias * origin,
    height: furthestSinceOrigin - origin,
  };
}
