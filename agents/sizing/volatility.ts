import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";

/** How lively a market is: ATR(14) in percent of the close. */
export interface VolatilityReading {
  currentPct: number;
  /** Mean over the last candles. */
  meanPct: number;
}

/**
 * Reads the volatility at the newest candle and its mean over the last
 * `candles`, the newest included. Null while the ATR is not known for all of
 * them; the series keeps 1,024 candles.
 */
export function readVolatility(
  series: CandleSeries,
  candles: number,
): VolatilityReading | null {
  const fromSeq = series.lastSeq - candles + 1;
  if (fromSeq < series.oldestSeq) return null;
  let sum = 0;
  for (let seq = fromSeq; seq <= series.lastSeq; seq++) {
    const at = seq & SERIES_MASK;
    const atr = series.atr[at]!;
    if (atr === 0) return null;
    sum += atr / series.close[at]!;
  }
  const at = series.lastSeq & SERIES_MASK;
  return {
    currentPct: 100 * series.atr[at]! / series.close[at]!,
    meanPct: 100 * sum / candles,
  };
}
