/**
 * What a backtest says: one plain object, which the JSON file, the HTML tear
 * sheet and the panel show. Money is decimal text in quote currency, times are
 * milliseconds since 1970, percentages are of 100. Unknown is null, never 0.
 *
 * @module
 */
import type { DecimalText } from "../core/decimal.ts";
import type { AgentConfig } from "./agent_config.ts";
import type { Objective } from "./backtest.ts";
import type { Timeframe } from "./candle.ts";
import type { Trade } from "./order.ts";
import type { EpochMs } from "./primitives.ts";

/** The figures of `deno task backtest --json`. */
export interface BacktestSummary {
  candles: number;
  /** Closed round trips. */
  trades: number;
  /** Final equity less initial capital, an open position at the last close. */
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
  /** Hash over all closed trades; equals that of an agent that replays the same candles. */
  tradesHash: string;
  /** Real time of the run, without reading the file. */
  seconds: number;
  candlesPerSecond: number;
}

/** What was run over. */
export interface ReportData {
  /** File name, or "simulated". */
  source: string;
  /** Always true: fills are simulated, whatever the candles are. */
  simulatedFills: true;
  /** Whether the candles themselves come from the simulated market. */
  simulatedCandles: boolean;
  symbol: string;
  timeframe: Timeframe;
  candles: number;
  firstAt: EpochMs | null;
  lastAt: EpochMs | null;
  gaps: number;
  longestGapMs: number;
  /** SHA-256 of all candles as packed 64-bit numbers. */
  candlesHash: string;
}

/** Daily value at risk by one method, as positive percentages of the equity. */
export interface ValueAtRiskRow {
  /** Cornish-Fisher is the historical one where the returns are too far from normal. */
  method: "historical" | "normal" | "cornish_fisher" | "ewma";
  /** Null with fewer than 20 days. */
  valueAtRisk95Pct: number | null;
  /** Null with fewer than 100 days. */
  valueAtRisk99Pct: number | null;
  /** Null where the method does not define it. */
  expectedShortfall95Pct: number | null;
}

/** Whether the EWMA value at risk at 95 % held on the days after it (Kupiec 1995). */
export interface ValueAtRiskCheck {
  /** Days judged. */
  days: number;
  /** Days that lost more. */
  exceeded: number;
  /** Days that were to be expected: 5 %. */
  expected: number;
  likelihoodRatio: number;
  /** Whether the ratio is above 3.841: the figure cannot be trusted. */
  isRejected: boolean;
}

/** One fall of the equity below its highest, at ends of days. */
export interface ReportDrawdown {
  /** Positive. */
  depthPct: number;
  /** Day of the peak; the day before the first one where the initial capital is the peak. */
  peakAt: EpochMs;
  troughAt: EpochMs;
  /** Null if the run ended before. */
  recoveredAt: EpochMs | null;
  /** From the peak to the recovery, or to the end. */
  days: number;
}

/** Figures over returns and trades. Definitions: docs/backtest-figures.md. */
export interface ReportMetrics {
  /** Days of market time. */
  days: number;
  totalReturnPct: number | null;
  cagrPct: number | null;
  annualVolatilityPct: number | null;
  sharpe: number | null;
  /** Standard error of the Sharpe ratio (Lo 2002), annualised. */
  sharpeError: number | null;
  sortino: number | null;
  calmar: number | null;
  omega: number | null;
  /** At ends of days, as all figures from daily returns; the summary has that at candle closes. */
  maxDrawdownPct: number | null;
  /** From the peak to the recovery, or to the end; null without a drawdown. */
  longestDrawdownDays: number | null;
  averageDrawdownPct: number | null;
  /** Deepest first, at most 10. */
  drawdowns: readonly ReportDrawdown[];
  /** Historical, one day, positive. */
  valueAtRisk95Pct: number | null;
  expectedShortfall95Pct: number | null;
  valueAtRiskByMethod: readonly ValueAtRiskRow[];
  /** Null with fewer than 70 days. */
  valueAtRiskCheck: ValueAtRiskCheck | null;
  bestDayPct: number | null;
  worstDayPct: number | null;
  profitFactor: number | null;
  /** Mean net result of a trade. */
  expectancy: DecimalText | null;
  /** The same as a multiple of the money at risk. */
  expectancyR: number | null;
  winRatePct: number | null;
  averageWin: DecimalText | null;
  averageLoss: DecimalText | null;
  largestWin: DecimalText | null;
  largestLoss: DecimalText | null;
  /** Average win over average loss. */
  payoffRatio: number | null;
  kellyFraction: number | null;
  longestWinStreak: number;
  longestLossStreak: number;
  averageHoldMs: number | null;
  medianHoldMs: number | null;
  longestHoldMs: number | null;
  /** Part of the candles with an open position. */
  exposurePct: number;
  /** Traded notional over the initial capital. */
  turnover: number | null;
  feesPaid: DecimalText;
  /** Paid (positive) or received. */
  fundingPaid: DecimalText;
}

/** One point of the equity curve. */
export interface ReportPoint {
  at: EpochMs;
  equity: DecimalText;
  /** 0 or negative. */
  drawdownPct: number;
}

/** One month of the table; the months of a year are joined by the reader. */
export interface MonthReturn {
  year: number;
  /** 1 to 12. */
  month: number;
  returnPct: number;
}

/** Trades of one strategy and the pattern that spoke for them. */
export interface PatternBreakdown {
  strategy: string;
  direction: "long" | "short";
  trades: number;
  winRatePct: number;
  netPnl: DecimalText;
  expectancyR: number | null;
  profitFactor: number | null;
}

/** Distribution of one figure over many draws. */
export interface Distribution {
  runs: number;
  p5: number;
  p50: number;
  p95: number;
}

/** The same trades in other orders (drawn with replacement, seeded). */
export interface MonteCarlo {
  runs: number;
  seed: number;
  returnPct: Distribution;
  maxDrawdownPct: Distribution;
  /** Part of the draws that end below the initial capital. */
  lossSharePct: number;
  /** Part of the draws that reach the drawdown limit of the configuration. */
  ruinSharePct: number;
}

/** What the result is to be held against. */
export interface Baselines {
  buyAndHold: {
    returnPct: number;
    maxDrawdownPct: number;
    sharpe: number | null;
    /** Left out in reports of older builds. */
    sortino?: number | null;
    costsPct: number;
  } | null;
  /** Entries at random candles with the strategy's own stops, targets and number of trades. */
  randomEntry: {
    runs: number;
    seed: number;
    returnPct: Distribution;
    sharpe: Distribution | null;
    /** Part of the random runs that did no better than the strategy. */
    beatenSharePct: number;
  } | null;
}

/** Whether reruns on truncated candles agree with the whole run. */
export interface LookAheadCheck {
  /** Numbers of candles that the reruns had. */
  cuts: readonly number[];
  agrees: boolean;
  /** First difference in one sentence; null where they agree. */
  difference: string | null;
}

/** One parameter set of a sweep. */
export interface SweepRow {
  values: Readonly<Record<string, number | string | boolean>>;
  summary: BacktestSummary;
  /** Value of the objective; null where it is unknown. */
  score: number | null;
}

/** One fold of a walk-forward study. */
export interface FoldRow {
  fold: number;
  trainFromSeq: number;
  testFromSeq: number;
  testToSeq: number;
  chosen: Readonly<Record<string, number | string | boolean>>;
  trainScore: number | null;
  testScore: number | null;
  trainSummary: BacktestSummary;
  testSummary: BacktestSummary;
}

/** What a study adds to the report of its best or joined run. */
export type StudyReport =
  | { kind: "single" }
  | {
    kind: "sweep";
    objective: Objective;
    /** Best first. */
    rows: readonly SweepRow[];
    /** Chance that the best Sharpe is above zero, given how many were tried (Bailey and López de Prado 2014). */
    deflatedSharpe: number | null;
  }
  | {
    kind: "walk_forward";
    objective: Objective;
    folds: readonly FoldRow[];
    /** Mean test score over mean train score. */
    efficiency: number | null;
  };

/** The whole report. */
export interface BacktestReport {
  v: 1;
  /** Hash of candles, configuration, costs and trades: equal runs have equal hashes. */
  runHash: string;
  template: string | null;
  config: AgentConfig;
  data: ReportData;
  summary: BacktestSummary;
  metrics: ReportMetrics;
  baselines: Baselines;
  monteCarlo: MonteCarlo | null;
  lookAhead: LookAheadCheck | null;
  study: StudyReport;
  /** At most 2,000 points, first, last, highest and lowest of each stretch kept. */
  equity: readonly ReportPoint[];
  months: readonly MonthReturn[];
  patterns: readonly PatternBreakdown[];
  /** At most 5,000; `tradesLeftOut` says how many more there were. */
  trades: readonly Trade[];
  tradesLeftOut: number;
  /** What held trading back at the end, in one sentence, or null. */
  endState: string | null;
}
