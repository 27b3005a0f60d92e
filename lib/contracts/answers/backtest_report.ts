import * as z from "zod";
import type {
  BacktestReport,
  BacktestSummary,
  Baselines,
  Distribution,
  FoldRow,
  LookAheadCheck,
  MonteCarlo,
  MonthReturn,
  PatternBreakdown,
  ReportData,
  ReportDrawdown,
  ReportMetrics,
  ReportPoint,
  StudyReport,
  SweepRow,
  ValueAtRiskCheck,
  ValueAtRiskRow,
} from "../backtest_report.ts";
import { agentConfigSchema } from "../agent_config.ts";
import { TIMEFRAMES } from "../candle.ts";
import { OBJECTIVES } from "../backtest.ts";
import { tradeSchema } from "./order.ts";
import { same } from "./parts.ts";

/** {@link BacktestSummary} */
export const backtestSummarySchema = z.object({
  candles: z.number(),
  trades: z.number(),
  netPnl: z.string().nullable(),
  returnPct: z.number().nullable(),
  maxDrawdownPct: z.number(),
  sharpe: z.number().nullable(),
  sortino: z.number().nullable(),
  profitFactor: z.number().nullable(),
  winRatePct: z.number().nullable(),
  feesPaid: z.string(),
  tradesHash: z.string(),
  seconds: z.number(),
  candlesPerSecond: z.number(),
});
same<BacktestSummary, typeof backtestSummarySchema>();

/** {@link ReportData} */
export const reportDataSchema = z.object({
  source: z.string(),
  simulatedFills: z.literal(true),
  simulatedCandles: z.boolean(),
  symbol: z.string(),
  timeframe: z.enum(TIMEFRAMES),
  candles: z.number(),
  firstAt: z.number().nullable(),
  lastAt: z.number().nullable(),
  gaps: z.number(),
  longestGapMs: z.number(),
  candlesHash: z.string(),
});
same<ReportData, typeof reportDataSchema>();

/** {@link ReportDrawdown} */
export const reportDrawdownSchema = z.object({
  depthPct: z.number(),
  peakAt: z.number(),
  troughAt: z.number(),
  recoveredAt: z.number().nullable(),
  days: z.number(),
});
same<ReportDrawdown, typeof reportDrawdownSchema>();

/** {@link ValueAtRiskRow} */
export const valueAtRiskRowSchema = z.object({
  method: z.enum(["historical", "normal", "cornish_fisher", "ewma"]),
  valueAtRisk95Pct: z.number().nullable(),
  valueAtRisk99Pct: z.number().nullable(),
  expectedShortfall95Pct: z.number().nullable(),
});
same<ValueAtRiskRow, typeof valueAtRiskRowSchema>();

/** {@link ValueAtRiskCheck} */
export const valueAtRiskCheckSchema = z.object({
  days: z.number(),
  exceeded: z.number(),
  expected: z.number(),
  likelihoodRatio: z.number(),
  isRejected: z.boolean(),
});
same<ValueAtRiskCheck, typeof valueAtRiskCheckSchema>();

/** {@link ReportMetrics} */
export const reportMetricsSchema = z.object({
  days: z.number(),
  totalReturnPct: z.number().nullable(),
  cagrPct: z.number().nullable(),
  annualVolatilityPct: z.number().nullable(),
  sharpe: z.number().nullable(),
  sharpeError: z.number().nullable(),
  sortino: z.number().nullable(),
  calmar: z.number().nullable(),
  omega: z.number().nullable(),
  maxDrawdownPct: z.number().nullable(),
  longestDrawdownDays: z.number().nullable(),
  averageDrawdownPct: z.number().nullable(),
  drawdowns: z.array(reportDrawdownSchema),
  valueAtRisk95Pct: z.number().nullable(),
  expectedShortfall95Pct: z.number().nullable(),
  valueAtRiskByMethod: z.array(valueAtRiskRowSchema),
  valueAtRiskCheck: valueAtRiskCheckSchema.nullable(),
  bestDayPct: z.number().nullable(),
  worstDayPct: z.number().nullable(),
  profitFactor: z.number().nullable(),
  expectancy: z.string().nullable(),
  expectancyR: z.number().nullable(),
  winRatePct: z.number().nullable(),
  averageWin: z.string().nullable(),
  averageLoss: z.string().nullable(),
  largestWin: z.string().nullable(),
  largestLoss: z.string().nullable(),
  payoffRatio: z.number().nullable(),
  kellyFraction: z.number().nullable(),
  longestWinStreak: z.number(),
  longestLossStreak: z.number(),
  averageHoldMs: z.number().nullable(),
  medianHoldMs: z.number().nullable(),
  longestHoldMs: z.number().nullable(),
  exposurePct: z.number(),
  turnover: z.number().nullable(),
  feesPaid: z.string(),
  fundingPaid: z.string(),
});
same<ReportMetrics, typeof reportMetricsSchema>();

/** {@link Distribution} */
export const distributionSchema = z.object({
  runs: z.number(),
  p5: z.number(),
  p50: z.number(),
  p95: z.number(),
});
same<Distribution, typeof distributionSchema>();

/** {@link Baselines} */
export const baselinesSchema = z.object({
  buyAndHold: z.object({
    returnPct: z.number(),
    maxDrawdownPct: z.number(),
    sharpe: z.number().nullable(),
    sortino: z.number().nullable().optional(),
    costsPct: z.number(),
  }).nullable(),
  randomEntry: z.object({
    runs: z.number(),
    seed: z.number(),
    returnPct: distributionSchema,
    sharpe: distributionSchema.nullable(),
    beatenSharePct: z.number(),
  }).nullable(),
});
same<Baselines, typeof baselinesSchema>();

/** {@link MonteCarlo} */
export const monteCarloSchema = z.object({
  runs: z.number(),
  seed: z.number(),
  returnPct: distributionSchema,
  maxDrawdownPct: distributionSchema,
  lossSharePct: z.number(),
  ruinSharePct: z.number(),
});
same<MonteCarlo, typeof monteCarloSchema>();

/** {@link LookAheadCheck} */
export const lookAheadCheckSchema = z.object({
  cuts: z.array(z.number()),
  agrees: z.boolean(),
  difference: z.string().nullable(),
});
same<LookAheadCheck, typeof lookAheadCheckSchema>();

/** {@link SweepRow} */
export const sweepRowSchema = z.object({
  values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  summary: backtestSummarySchema,
  score: z.number().nullable(),
});
same<SweepRow, typeof sweepRowSchema>();

/** {@link FoldRow} */
export const foldRowSchema = z.object({
  fold: z.number(),
  trainFromSeq: z.number(),
  testFromSeq: z.number(),
  testToSeq: z.number(),
  chosen: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  trainScore: z.number().nullable(),
  testScore: z.number().nullable(),
  trainSummary: backtestSummarySchema,
  testSummary: backtestSummarySchema,
});
same<FoldRow, typeof foldRowSchema>();

/** {@link StudyReport} */
export const studyReportSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("single") }),
  z.object({
    kind: z.literal("sweep"),
    objective: z.enum(OBJECTIVES),
    rows: z.array(sweepRowSchema),
    deflatedSharpe: z.number().nullable(),
  }),
  z.object({
    kind: z.literal("walk_forward"),
    objective: z.enum(OBJECTIVES),
    folds: z.array(foldRowSchema),
    efficiency: z.number().nullable(),
  }),
]);
same<StudyReport, typeof studyReportSchema>();

/** {@link ReportPoint} */
export const reportPointSchema = z.object({
  at: z.number(),
  equity: z.string(),
  drawdownPct: z.number(),
});
same<ReportPoint, typeof reportPointSchema>();

/** {@link MonthReturn} */
export const monthReturnSchema = z.object({
  year: z.number(),
  month: z.number(),
  returnPct: z.number(),
});
same<MonthReturn, typeof monthReturnSchema>();

/** {@link PatternBreakdown} */
export const patternBreakdownSchema = z.object({
  strategy: z.string(),
  direction: z.enum(["long", "short"]),
  trades: z.number(),
  winRatePct: z.number(),
  netPnl: z.string(),
  expectancyR: z.number().nullable(),
  profitFactor: z.number().nullable(),
});
same<PatternBreakdown, typeof patternBreakdownSchema>();

/** {@link BacktestReport} */
export const backtestReportSchema = z.object({
  v: z.literal(1),
  runHash: z.string(),
  template: z.string().nullable(),
  config: agentConfigSchema,
  data: reportDataSchema,
  summary: backtestSummarySchema,
  metrics: reportMetricsSchema,
  baselines: baselinesSchema,
  monteCarlo: monteCarloSchema.nullable(),
  lookAhead: lookAheadCheckSchema.nullable(),
  study: studyReportSchema,
  equity: z.array(reportPointSchema),
  months: z.array(monthReturnSchema),
  patterns: z.array(patternBreakdownSchema),
  trades: z.array(tradeSchema),
  tradesLeftOut: z.number(),
  endState: z.string().nullable(),
});
same<BacktestReport, typeof backtestReportSchema>();
