import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type { BacktestView } from "../../../lib/contracts/backtest.ts";
import { backtestRequestSchema } from "../../../lib/contracts/backtest.ts";
import type {
  BacktestReport,
  BacktestSummary,
} from "../../../lib/contracts/backtest_report.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import { testConfig } from "./setup.ts";

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;

/** Figures of a run that lost money. */
export function sampleSummary(
  changes: Partial<BacktestSummary> = {},
): BacktestSummary {
  return {
    candles: 3_000,
    trades: 2,
    netPnl: "-120.5",
    returnPct: -1.205,
    maxDrawdownPct: 3.4,
    sharpe: -0.42,
    sortino: -0.6,
    profitFactor: 0.8,
    winRatePct: 50,
    feesPaid: "12.34",
    tradesHash: "abc",
    seconds: 0.5,
    candlesPerSecond: 6_000,
    ...changes,
  };
}

/** A closed trade. */
export function sampleTrade(
  index: number,
  changes: Partial<Trade> = {},
): Trade {
  const won = index % 2 === 0;
  return {
    tradeId: `t${index}`,
    intentId: `${index * 10}.0`,
    strategy: "orderBlock",
    direction: won ? "long" : "short",
    quantity: "0.05",
    entryPrice: "60000",
    entrySeq: index * 10,
    entryAt: START + index * 10 * HOUR_MS,
    exitPrice: won ? "61000" : "60500",
    exitSeq: index * 10 + 5,
    exitAt: START + (index * 10 + 5) * HOUR_MS,
    exitRole: won ? "target" : "stop",
    netPnl: won ? "49.5" : "-25.5",
    fees: "0.5",
    resultR: won ? "1.9" : "-1.02",
    reasons: ["Retest of a bullish order block", "Structure is up"],
    ...changes,
  };
}

/** A whole report in which everything is known. */
export function sampleReport(
  changes: Partial<BacktestReport> = {},
): BacktestReport {
  const summary = sampleSummary();
  return {
    v: 1,
    runHash: "f00d".repeat(16),
    template: "structure-combined",
    config: testConfig(),
    data: {
      source: "btc-15m.csv",
      simulatedFills: true,
      simulatedCandles: false,
      symbol: "BTC/USDT",
      timeframe: "15m",
      candles: 3_000,
      firstAt: START,
      lastAt: START + 2_999 * 900_000,
      gaps: 1,
      longestGapMs: HOUR_MS,
      candlesHash: "beef".repeat(16),
    },
    summary,
    metrics: {
      days: 31.25,
      totalReturnPct: -1.205,
      cagrPct: -13.2,
      annualVolatilityPct: 12.1,
      sharpe: -0.42,
      sharpeError: 0.9,
      sortino: -0.6,
      calmar: -3.9,
      omega: 0.94,
      maxDrawdownPct: 3.4,
      longestDrawdownDays: 12.5,
      averageDrawdownPct: 1.1,
      valueAtRisk95Pct: 0.7,
      expectedShortfall95Pct: 1,
      bestDayPct: 0.9,
      worstDayPct: -1.2,
      profitFactor: 0.8,
      expectancy: "-12.05",
      expectancyR: -0.1,
      winRatePct: 50,
      averageWin: "49.5",
      averageLoss: "-25.5",
      largestWin: "49.5",
      largestLoss: "-25.5",
      payoffRatio: 1.94,
      kellyFraction: null,
      longestWinStreak: 1,
      longestLossStreak: 1,
      averageHoldMs: 5 * HOUR_MS,
      medianHoldMs: 5 * HOUR_MS,
      longestHoldMs: 5 * HOUR_MS,
      exposurePct: 21.3,
      turnover: 8.1,
      feesPaid: "12.34",
      fundingPaid: "0.5",
      drawdowns: [{
        depthPct: 3.4,
        peakAt: START + 10 * 24 * HOUR_MS,
        troughAt: START + 20 * 24 * HOUR_MS,
        recoveredAt: null,
        days: 21,
      }],
      valueAtRiskByMethod: [{
        method: "historical",
        valueAtRisk95Pct: 0.7,
        valueAtRisk99Pct: null,
        expectedShortfall95Pct: 1,
      }],
      valueAtRiskCheck: null,
    },
    baselines: {
      buyAndHold: {
        returnPct: 4.2,
        maxDrawdownPct: 9.1,
        sharpe: 0.7,
        costsPct: 0.1,
      },
      randomEntry: {
        runs: 20,
        seed: 1,
        returnPct: { runs: 20, p5: -4, p50: -1.5, p95: 0.8 },
        sharpe: { runs: 20, p5: -2, p50: -0.8, p95: 0.4 },
        beatenSharePct: 55,
      },
    },
    monteCarlo: {
      runs: 1_000,
      seed: 1,
      returnPct: { runs: 1_000, p5: -5, p50: -1.1, p95: 3.2 },
      maxDrawdownPct: { runs: 1_000, p5: 2, p50: 3.9, p95: 7.7 },
      lossSharePct: 64,
      ruinSharePct: 0.2,
    },
    lookAhead: { cuts: [1_500, 2_000, 2_500], agrees: true, difference: null },
    study: { kind: "single" },
    equity: [
      { at: START, equity: "10000", drawdownPct: 0 },
      { at: START + 10 * 24 * HOUR_MS, equity: "10100", drawdownPct: 0 },
      { at: START + 31 * 24 * HOUR_MS, equity: "9879.5", drawdownPct: -2.18 },
    ],
    months: [
      { year: 2026, month: 1, returnPct: -1.2 },
      { year: 2026, month: 2, returnPct: 0.3 },
    ],
    patterns: [{
      strategy: "orderBlock",
      direction: "long",
      trades: 2,
      winRatePct: 50,
      netPnl: "24",
      expectancyR: 0.44,
      profitFactor: 1.94,
    }],
    trades: [sampleTrade(1), sampleTrade(2)],
    tradesLeftOut: 0,
    endState: null,
    ...changes,
  };
}

/** A request for a run over simulated candles. */
export function sampleRequest(changes: Record<string, unknown> = {}) {
  return backtestRequestSchema.parse({
    config: agentConfigSchema.parse(testConfig()),
    data: { kind: "simulated", candles: 500, seed: 3 },
    ...changes,
  });
}

/** A run in a list. */
export function sampleView(changes: Partial<BacktestView> = {}): BacktestView {
  return {
    id: "bt_01JA0000000000000000000000",
    ownerId: "usr_admin",
    label: "Backtest",
    request: sampleRequest(),
    state: "done",
    progress: { phase: "done", share: 1, candlesPerSecond: 6_000 },
    createdAt: "2026-09-01T00:00:00.000Z",
    startedAt: "2026-09-01T00:00:01.000Z",
    endedAt: "2026-09-01T00:00:02.000Z",
    detail: null,
    summary: sampleSummary(),
    ...changes,
  };
}
