/**
 * Carries out runs in the isolate of the server, one after the other: single
 * runs and sweeps. It yields to the event loop every 50 ms of computing.
 *
 * @module
 */
import type {
  BacktestProgress,
  BacktestRequest,
  Objective,
} from "../../contracts/backtest.ts";
import type {
  BacktestReport,
  BacktestSummary,
  StudyReport,
  SweepRow,
} from "../../contracts/backtest_report.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { DeskEvent, Trade } from "../../contracts/order.ts";
import { AppError } from "../../core/errors.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import { type AgentBehavior, runBacktest } from "../engine.ts";
import type { RunBacktest } from "../port.ts";
import { setByPath } from "../service/checks.ts";
import { observed } from "../service/observed.ts";
import { composeReport, EQUITY_POINTS } from "./report.ts";

/** What the runner works with. */
export interface InlineRunnerOptions {
  behavior: AgentBehavior;
  loadCandles(request: BacktestRequest): Promise<CandleSeries>;
}

type RunContext = Parameters<RunBacktest>[1];

/** Makes a runner. */
export function createInlineRunner(options: InlineRunnerOptions): RunBacktest {
  return async (request, context) => {
    if (request.study.kind === "walk_forward") {
      throw new AppError(
        "STUDY_UNAVAILABLE",
        "Walk-forward studies are not carried out here; run a single backtest or a sweep",
        { status: 422 },
      );
    }
    context.onProgress({
      phase: "reading candles",
      share: 0,
      candlesPerSecond: null,
    });
    const candles = await options.loadCandles(request);
    const { study, best } = await runStudy(request, {
      ...context,
      candles,
      behavior: options.behavior,
    });
    return await runWhole(
      { ...request, config: best },
      { ...context, candles, study, behavior: options.behavior },
    );
  };
}

/** Runs every set of a sweep; the best one is what the report is about. */
async function runStudy(
  { config, study }: BacktestRequest,
  context: RunContext & { candles: CandleSeries; behavior: AgentBehavior },
): Promise<{ study: StudyReport; best: AgentConfig }> {
  if (study.kind !== "sweep") {
    return { study: { kind: "single" }, best: config };
  }
  const rows: SweepRow[] = [];
  const sets = [...setsOf(study.grid)];
  for (const [index, values] of sets.entries()) {
    // deno-lint-ignore no-await-in-loop -- one run at a time
    const summary = await runBacktest({
      candles: context.candles,
      config: withValues(config, values),
      behavior: context.behavior,
      signal: context.signal,
    });
    rows.push({ values, summary, score: scoreOf(summary, study.objective) });
    context.onProgress(progressOf("sweep", {
      share: (index + 1) / (sets.length + 1),
      summary,
    }));
  }
  rows.sort((a, b) => (b.score ?? -Infinity) - (a.score ?? -Infinity));
  return {
    study: {
      kind: "sweep",
      objective: study.objective,
      rows,
      deflatedSharpe: null,
    },
    best: withValues(config, rows[0]!.values),
  };
}

/** The run that the report is about, with its trades and its curve. */
async function runWhole(
  request: BacktestRequest,
  context: RunContext & {
    candles: CandleSeries;
    behavior: AgentBehavior;
    study: StudyReport;
  },
): Promise<BacktestReport> {
  const { candles, study, signal, onProgress } = context;
  const trades: Trade[] = [];
  const equity: { at: number; equity: string }[] = [];
  const last: {
    state: Extract<DeskEvent, { type: "TradingStateChanged" }> | null;
  } = { state: null };
  const stride = Math.ceil(candles.length / (EQUITY_POINTS - 1));
  const startedMs = performance.now();
  const behavior = observed(context.behavior, ({ stepped }) => {
    const { seq } = stepped;
    if (seq % stride !== 0 && seq !== candles.length - 1) return;
    if (stepped.equity === null) return;
    equity.push({ at: candles.openAt(seq), equity: stepped.equity });
  });
  const summary = await runBacktest({
    candles,
    config: request.config,
    behavior,
    signal,
    onProgress: ({ candles: done, total }) =>
      onProgress({
        phase: "backtest",
        share: done / total,
        candlesPerSecond: done / (performance.now() - startedMs) * 1_000,
      }),
    onEvent: (event) => {
      if (event.type === "PositionClosed") trades.push(event.trade);
      if (event.type === "TradingStateChanged") last.state = event;
    },
  });
  const { state } = last;
  return composeReport({
    request,
    candles,
    summary,
    trades,
    equity,
    study,
    endState: state === null || state.to === "active"
      ? null
      : `Trading is ${state.to} since candle ${state.seq}: ${state.reason}`,
  });
}

type Values = SweepRow["values"];

/** Every combination of a grid. */
function* setsOf(
  grid: Readonly<Record<string, readonly Values[string][]>>,
): Generator<Values> {
  const [first, ...rest] = Object.entries(grid);
  if (first === undefined) {
    yield {};
    return;
  }
  const [path, values] = first;
  for (const value of values) {
    for (const others of setsOf(Object.fromEntries(rest))) {
      yield { [path]: value, ...others };
    }
  }
}

function withValues(config: AgentConfig, values: Values): AgentConfig {
  const copy = structuredClone(config);
  for (const [path, value] of Object.entries(values)) {
    setByPath(copy, path, value);
  }
  return copy;
}

/** Null for what the summary does not tell. */
function scoreOf(
  summary: BacktestSummary,
  objective: Objective,
): number | null {
  switch (objective) {
    case "sharpe":
    case "sortino":
    case "profitFactor":
      return summary[objective];
    case "netPnl":
      return summary.netPnl === null ? null : Number(summary.netPnl);
    default:
      return null;
  }
}

function progressOf(
  phase: string,
  { share, summary }: { share: number; summary: BacktestSummary },
): BacktestProgress {
  return { phase, share, candlesPerSecond: summary.candlesPerSecond };
}
