import type { DecimalText } from "../../lib/core/decimal.ts";

/** Everything a valuation knows besides the ledger; numbers survive JSON exactly. */
export interface ValuationMark {
  close: number | null;
  bestClose: number | null;
  /** Highest equity up to the last fill, in quote currency. */
  peak: DecimalText;
  /** Running highest equity in floating point, for the drawdown statistic alone. */
  peakApprox: number;
  maxDrawdownPct: number;
  /** UTC day of market time (days since 1970), or null before the first candle. */
  day: number | null;
  dayStart: DecimalText;
  /** Of the second market, where there is one. */
  hedgeClose?: number;
  bestHedgeClose?: number;
}
