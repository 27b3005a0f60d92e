/**
 * Puts the report of a run together from what its parts have found.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type { BacktestRequest } from "../contracts/backtest.ts";
import type {
  BacktestReport,
  Baselines,
  LookAheadCheck,
  ReportData,
  StudyReport,
} from "../contracts/backtest_report.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import { hashCandles } from "./candle_source.ts";
import type { BacktestRun } from "./engine.ts";
import { REPORT_TRADES_MAX } from "./limits.ts";
import {
  breakDownByPattern,
  computeMetrics,
  monteCarlo,
  monthlyReturns,
} from "./metrics/mod.ts";

/** What a report is made of. */
export interface ReportParts {
  request: BacktestRequest;
  /** The configuration that was run: the best set of a sweep. */
  config: AgentConfig;
  candles: CandleSeries;
  run: BacktestRun;
  study: StudyReport;
  baselines: Baselines;
  lookAhead: LookAheadCheck | null;
}

/** Composes the whole report. */
export function composeReport(parts: ReportParts): BacktestReport {
  const { request, config, run } = parts;
  const { initialCapital, maxDrawdownPct } = config.risk;
  const data = dataOf(parts);
  return {
    v: 1,
    runHash: runHash({ data, config, run }),
    template: request.template,
    config,
    data,
    summary: run.summary,
    metrics: computeMetrics({
      days: run.days,
      initialCapital,
      trades: run.trades,
      candles: run.summary.candles,
      exposedCandles: run.exposedCandles,
      feesPaid: run.summary.feesPaid,
      fundingPaid: run.fundingPaid,
      firstAt: run.firstAt,
      lastAt: run.lastAt,
    }),
    baselines: parts.baselines,
    monteCarlo: request.monteCarloRuns === 0 ? null : monteCarlo({
      trades: run.trades,
      initialCapital,
      maxDrawdownPct,
      runs: request.monteCarloRuns,
      seed: config.seed,
    }),
    lookAhead: parts.lookAhead,
    study: parts.study,
    equity: run.equity,
    months: monthlyReturns(run.days, initialCapital),
    patterns: breakDownByPattern(run.trades),
    trades: run.trades.slice(0, REPORT_TRADES_MAX),
    tradesLeftOut: Math.max(0, run.trades.length - REPORT_TRADES_MAX),
    endState: run.endState,
  };
}

function dataOf({ request, config, candles }: ReportParts): ReportData {
  const { data } = request;
  const { gaps, longestGapMs } = candles.gapReport;
  const count = candles.length;
  return {
    source: data.kind === "file" ? data.file : "simulated",
    simulatedFills: true,
    simulatedCandles: data.kind === "simulated",
    symbol: config.symbol,
    timeframe: config.timeframe,
    candles: count,
    firstAt: count === 0 ? null : candles.openAt(0),
    lastAt: count === 0 ? null : candles.openAt(count - 1),
    gaps,
    longestGapMs,
    candlesHash: hashCandles(candles),
  };
}

/** SHA-256 over candles, configuration with its costs, and trades. The name of the run is only a label. */
export function runHash(
  { data, config, run }: {
    data: ReportData;
    config: AgentConfig;
    run: BacktestRun;
  },
): string {
  const { name: _label, ...settings } = config;
  return createHash("sha256").update(canonicalJson([
    data.candlesHash,
    settings,
    run.summary.tradesHash,
  ])).digest("hex");
}

/** JSON with the keys of every object in order, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, part: unknown) =>
      typeof part === "object" && part !== null && !Array.isArray(part)
        ? Object.fromEntries(
          Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1),
        )
        : part,
  );
}
