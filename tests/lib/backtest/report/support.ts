import { agentConfigSchema } from "../../../../lib/contracts/agent_config.ts";
import type {
  BacktestReport,
  BacktestSummary,
  ReportPoint,
} from "../../../../lib/contracts/backtest_report.ts";
import type { Trade } from "../../../../lib/contracts/order.ts";
import { computeMetrics } from "../../../../lib/backtest/metrics/compute.ts";
import { monteCarlo } from "../../../../lib/backtest/metrics/monte_carlo.ts";
import { monthlyReturns } from "../../../../lib/backtest/metrics/months.ts";
import { breakDownByPattern } from "../../../../lib/backtest/metrics/patterns.ts";
import { tradesOf } from "../metrics/support.ts";

const CAPITAL = "10000";
const DAY_MS = 86_400_000;
const START = Date.UTC(2019, 10, 20) / DAY_MS;

/** A report over trades with the given results, one a day, from late in 2019. */
export function reportOf(
  results: readonly number[] = [120, -50, 80, -50, -50, 140],
  changes: Partial<BacktestReport> = {},
): BacktestReport {
  const trades: Trade[] = tradesOf(results, { strategy: "orderBlock" });
  let equity = Number(CAPITAL);
  const days = results.map((result, index) => ({
    day: START + index,
    equity: equity += result,
  }));
  const span = {
    firstAt: START * DAY_MS,
    lastAt: (START + results.length) * DAY_MS - 1,
  };
  return {
    v: 1,
    runHash: "a".repeat(64),
    template: "structure-combined",
    config: agentConfigSchema.parse({
      name: "Test run",
      type: "pattern_detector",
      symbol: "BTC/USDT",
      timeframe: "1h",
      risk: {
        initialCapital: CAPITAL,
        leverage: 5,
        riskLevel: "moderate",
        maxDrawdownPct: 20,
        dailyLossLimit: "500",
        riskPerTradePct: 0.5,
      },
    }),
    data: {
      source: "btcusd.csv",
      simulatedFills: true,
      simulatedCandles: false,
      symbol: "BTC/USDT",
      timeframe: "1h",
      candles: 24 * results.length,
      ...span,
      gaps: 2,
      longestGapMs: 7_200_000,
      candlesHash: "b".repeat(64),
    },
    summary: summaryOf(results),
    metrics: computeMetrics({
      days,
      initialCapital: CAPITAL,
      trades,
      candles: 24 * results.length,
      exposedCandles: results.length,
      feesPaid: "12.5",
      fundingPaid: "-0.75",
      ...span,
    }),
    baselines: {
      buyAndHold: {
        returnPct: 12,
        maxDrawdownPct: 20,
        sharpe: 1.2,
        costsPct: 0.1,
      },
      randomEntry: {
        runs: 20,
        seed: 1,
        returnPct: { runs: 20, p5: -9, p50: -3, p95: 2 },
        sharpe: { runs: 20, p5: -2, p50: -0.5, p95: 1 },
        beatenSharePct: 85,
      },
    },
    monteCarlo: monteCarlo({
      trades,
      initialCapital: CAPITAL,
      maxDrawdownPct: 20,
      runs: 50,
      seed: 1,
    }),
    lookAhead: { cuts: [24, 48], agrees: true, difference: null },
    study: { kind: "single" },
    equity: pointsOf(days.map((day) => day.equity)),
    months: monthlyReturns(days, CAPITAL),
    patterns: breakDownByPattern(trades),
    trades,
    tradesLeftOut: 0,
    endState: null,
    ...changes,
  };
}

/** Points of an equity curve, one a day. */
export function pointsOf(equities: readonly number[]): ReportPoint[] {
  let peak = Number(CAPITAL);
  return equities.map((equity, index) => {
    peak = Math.max(peak, equity);
    return {
      at: (START + index) * DAY_MS,
      equity: equity.toFixed(2),
      drawdownPct: 100 * (equity / peak - 1),
    };
  });
}

/** The summary of trades with the given results. */
export function summaryOf(results: readonly number[]): BacktestSummary {
  const net = results.reduce((sum, result) => sum + result, 0);
  return {
    candles: 24 * results.length,
    trades: results.length,
    netPnl: String(net),
    returnPct: 100 * net / Number(CAPITAL),
    maxDrawdownPct: 1.5,
    sharpe: 1,
    sortino: 2,
    profitFactor: 1.5,
    winRatePct: 50,
    feesPaid: "12.5",
    tradesHash: "c".repeat(64),
    seconds: 1,
    candlesPerSecond: 1_000,
  };
}

/** A report in which nothing is known. */
export function unknownReport(): BacktestReport {
  const known = reportOf([]);
  return {
    ...known,
    template: null,
    data: { ...known.data, firstAt: null, lastAt: null, gaps: 0 },
    summary: {
      ...known.summary,
      netPnl: null,
      returnPct: null,
      sharpe: null,
      sortino: null,
      profitFactor: null,
      winRatePct: null,
    },
    baselines: { buyAndHold: null, randomEntry: null },
    monteCarlo: null,
    lookAhead: null,
  };
}
