import type { DecimalText } from "../../core/decimal.ts";

/** What one backtest gives; the keys of `deno task backtest --json`. Unknown is null. */
export interface BacktestResult {
  candles: number;
  /** Closed round trips. */
  trades: number;
  /** Final equity less initial capital, an open position at the last close; quote currency. */
  netPnl: DecimalText | null;
  returnPct: number | null;
  /** Deepest fall of the equity below its highest, at candle closes, as a positive percentage. */
  maxDrawdownPct: number;
  /** From daily returns of market time, annualised over 365 days. */
  sharpe: number | null;
  sortino: number | null;
  profitFactor: number | null;
  winRatePct: number | null;
  feesPaid: DecimalText;
  /** Hash over all closed trades; equals that of the live path over the same candles. */
  tradesHash: string;
  /** Real time of the run, without reading the file. */
  seconds: number;
  candlesPerSecond: number;
}
