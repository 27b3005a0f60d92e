/**
 * A report of what one inline run is known to have done: trades, equity at
 * candle closes, months. What was not computed is null or empty.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { BacktestRequest } from "../../contracts/backtest.ts";
import type {
  BacktestReport,
  BacktestSummary,
  Baselines,
  MonthReturn,
  PatternBreakdown,
  ReportMetrics,
  ReportPoint,
  StudyReport,
} from "../../contracts/backtest_report.ts";
import { CANDLE_WIDTH, TIMEFRAME_MS } from "../../contracts/candle.ts";
import type { Trade } from "../../contracts/order.ts";
import { decimal, toDecimalText, ZERO } from "../../core/decimal.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import { profitFactor, winRatePct } from "../metrics/mod.ts";

/** Points of the equity curve. */
export const EQUITY_POINTS = 2_000;
/** Trades of a report; older ones are left out and counted. */
const REPORT_TRADES = 5_000;
const DAY_MS = 86_400_000;
const HASHED_AT_ONCE = 50_000;

/** What a run leaves behind. */
export interface RunFacts {
  request: BacktestRequest;
  candles: CandleSeries;
  summary: BacktestSummary;
  trades: readonly Trade[];
  equity: readonly { at: number; equity: string }[];
  study: StudyReport;
  endState: string | null;
}

/** Composes the report. */
export function composeReport(facts: RunFacts): BacktestReport {
  const { request, candles, summary, trades, study, endState } = facts;
  const { config, template, data } = request;
  const candlesHash = hashOf(candles);
  const { gaps, longestGapMs } = candles.gapReport;
  const equity = withDrawdown(facts);
  return {
    v: 1,
    runHash: createHash("sha256").update(JSON.stringify([
      candlesHash,
      config,
      study,
      summary.tradesHash,
    ], (key, value) => isTiming(key) ? undefined : value)).digest("hex"),
    template,
    config,
    data: {
      source: data.kind === "file" ? data.file : "simulated",
      simulatedFills: true,
      simulatedCandles: data.kind === "simulated",
      symbol: config.symbol,
      timeframe: config.timeframe,
      candles: candles.length,
      firstAt: candles.length === 0 ? null : candles.openAt(0),
      lastAt: candles.length === 0 ? null : candles.openAt(candles.length - 1),
      gaps,
      longestGapMs,
      candlesHash,
    },
    summary,
    metrics: metricsOf(facts),
    baselines: baselinesOf(candles),
    monteCarlo: null,
    lookAhead: null,
    study,
    equity,
    months: monthsOf(equity, Number(config.risk.initialCapital)),
    patterns: patternsOf(trades),
    trades: trades.slice(-REPORT_TRADES),
    tradesLeftOut: Math.max(0, trades.length - REPORT_TRADES),
    endState,
  };
}

function isTiming(key: string): boolean {
  return key === "seconds" || key === "candlesPerSecond";
}

function hashOf(candles: CandleSeries): string {
  const hash = createHash("sha256");
  for (let from = 0; from < candles.length; from += HASHED_AT_ONCE) {
    const count = Math.min(HASHED_AT_ONCE, candles.length - from);
    const packed = candles.packed(from, count);
    hash.update(new Uint8Array(packed.buffer, 0, count * CANDLE_WIDTH * 8));
  }
  return hash.digest("hex");
}

function withDrawdown({ equity, request }: RunFacts): ReportPoint[] {
  let peak = Number(request.config.risk.initialCapital);
  return equity.map(({ at, equity }) => {
    const value = Number(equity);
    peak = Math.max(peak, value);
    return { at, equity, drawdownPct: Math.min(0, 100 * (value / peak - 1)) };
  });
}

function metricsOf(
  { candles, summary, trades, request }: RunFacts,
): ReportMetrics {
  const holdsMs = trades.map(({ entryAt, exitAt }) => exitAt - entryAt)
    .sort((a, b) => a - b);
  const held = trades.reduce(
    (sum, { entrySeq, exitSeq }) => sum + exitSeq - entrySeq,
    0,
  );
  const spanMs = candles.length === 0 ? 0 : candles.openAt(candles.length - 1) -
    candles.openAt(0) + TIMEFRAME_MS[request.config.timeframe];
  const mean = (values: readonly number[]) =>
    values.length === 0
      ? null
      : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    days: spanMs / DAY_MS,
    totalReturnPct: summary.returnPct,
    cagrPct: null,
    annualVolatilityPct: null,
    sharpe: summary.sharpe,
    sharpeError: null,
    sortino: summary.sortino,
    calmar: null,
    omega: null,
    maxDrawdownPct: summary.maxDrawdownPct,
    longestDrawdownDays: null,
    averageDrawdownPct: null,
    valueAtRisk95Pct: null,
    expectedShortfall95Pct: null,
    bestDayPct: null,
    worstDayPct: null,
    profitFactor: summary.profitFactor,
    expectancy: null,
    expectancyR: mean(trades.map(({ resultR }) => Number(resultR))),
    winRatePct: summary.winRatePct,
    averageWin: null,
    averageLoss: null,
    largestWin: null,
    largestLoss: null,
    payoffRatio: null,
    kellyFraction: null,
    longestWinStreak: longestStreak(trades, true),
    longestLossStreak: longestStreak(trades, false),
    averageHoldMs: mean(holdsMs),
    medianHoldMs: holdsMs[Math.floor(holdsMs.length / 2)] ?? null,
    longestHoldMs: holdsMs.at(-1) ?? null,
    exposurePct: candles.length === 0 ? 0 : 100 * held / candles.length,
    turnover: null,
    feesPaid: summary.feesPaid,
    fundingPaid: "0",
    drawdowns: [],
    valueAtRiskByMethod: [],
    valueAtRiskCheck: null,
  };
}

function longestStreak(trades: readonly Trade[], ofWins: boolean): number {
  let longest = 0;
  let streak = 0;
  for (const { netPnl } of trades) {
    streak = (Number(netPnl) > 0) === ofWins ? streak + 1 : 0;
    longest = Math.max(longest, streak);
  }
  return longest;
}

/** Without costs: the adapter knows the candles alone. */
function baselinesOf(candles: CandleSeries): Baselines {
  if (candles.length === 0) return { buyAndHold: null, randomEntry: null };
  const closes = candles.column("close");
  const first = candles.candle(0).open;
  let peak = first;
  let deepest = 0;
  for (const close of closes) {
    peak = Math.max(peak, close);
    deepest = Math.max(deepest, 100 * (1 - close / peak));
  }
  return {
    buyAndHold: {
      returnPct: 100 * (closes[closes.length - 1]! / first - 1),
      maxDrawdownPct: deepest,
      sharpe: null,
      costsPct: 0,
    },
    randomEntry: null,
  };
}

function monthsOf(
  equity: readonly ReportPoint[],
  initialCapital: number,
): MonthReturn[] {
  const ends = new Map<string, { year: number; month: number; last: number }>();
  for (const point of equity) {
    const date = new Date(point.at);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
    ends.set(`${year}-${month}`, { year, month, last: Number(point.equity) });
  }
  let before = initialCapital;
  return [...ends.values()].map(({ year, month, last }) => {
    const returnPct = 100 * (last / before - 1);
    before = last;
    return { year, month, returnPct };
  });
}

function patternsOf(trades: readonly Trade[]): PatternBreakdown[] {
  const groups = Map.groupBy(
    trades,
    ({ strategy, direction }) => `${strategy} ${direction}`,
  );
  return [...groups.values()].map((group) => {
    const { strategy, direction } = group[0]!;
    const results = group.map(({ netPnl }) => netPnl);
    const sumR = group.reduce((sum, { resultR }) => sum + Number(resultR), 0);
    return {
      strategy,
      direction,
      trades: group.length,
      winRatePct: winRatePct(results) ?? 0,
      netPnl: sumOf(results),
      expectancyR: sumR / group.length,
      profitFactor: profitFactor(results),
    };
  }).sort((a, b) => Number(b.netPnl) - Number(a.netPnl));
}

function sumOf(results: readonly string[]): string {
  return toDecimalText(
    results.reduce((sum, value) => sum.plus(decimal(value)), ZERO),
  );
}
