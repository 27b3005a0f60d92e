/**
 * Carries out one request: candles, study, checks, baselines, report. All runs
 * go through workers where there are some; the results do not depend on them.
 *
 * @module
 */
import type { AgentConfig, AgentType } from "../contracts/agent_config.ts";
import type {
  BacktestProgress,
  BacktestRequest,
} from "../contracts/backtest.ts";
import type {
  BacktestReport,
  StudyReport,
} from "../contracts/backtest_report.ts";
import type { ModelRecord } from "../contracts/model_record.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import { candlesOf } from "./candle_source.ts";
import { trailBlock } from "./decision_trail.ts";
import type { AgentBehavior, BacktestRun } from "./engine.ts";
import { dailyReturns, deflatedSharpe } from "./metrics/mod.ts";
import { ProgressMeter } from "./progress.ts";
import type { ModelPeer } from "./model_peer.ts";
import { planOf, type RequestPlan } from "./request_plan.ts";
import { composeReport } from "./run_report.ts";
import { buyAndHold } from "./studies/buy_and_hold.ts";
import { checkLookAhead, cutsOf } from "./studies/look_ahead.ts";
import { runRandomEntries } from "./studies/random_baseline.ts";
import { type CandleRange, runSweep } from "./studies/sweep.ts";
import { runWalkForward } from "./studies/walk_forward.ts";
import { fitTimeframe } from "./timeframe.ts";
import { createInlineRunner } from "./workers/inline_runner.ts";
import type { JobResult, JobRunner } from "./workers/job.ts";
import { createPool, type WorkerSource } from "./workers/pool.ts";
import { shareCandles } from "./workers/shared_candles.ts";

/** With what a request is carried out. */
export interface RunRequestOptions {
  /** Reads a file of the candle folder. */
  loadCandles(file: string): Promise<CandleSeries>;
  /** Makes the workers; null runs everything in this isolate. */
  workers: WorkerSource | null;
  /** Ends everything: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: BacktestProgress) => void;
  /** The behaviour of an agent type, for runs without workers. */
  behaviorOf?: (type: AgentType) => AgentBehavior | null;
  /** Takes what models said in the run that the report shows; never told of a run that asks none. */
  onModelRecord?: (record: ModelRecord) => void;
  /** Models, for runs without workers. */
  models?: ModelPeer;
}

/**
 * Carries out a request.
 *
 * @throws {AppError} As the candle file, for a wrong grid or range, or if a worker fails.
 */
export async function runRequest(
  request: BacktestRequest,
  options: RunRequestOptions,
): Promise<BacktestReport> {
  const { signal, onModelRecord = () => {} } = options;
  signal?.throwIfAborted();
  const meter = new ProgressMeter(options.onProgress);
  meter.enter("candles");
  const loaded = await candlesOf(request.data, {
    config: request.config,
    load: (file) => options.loadCandles(file),
  });
  signal?.throwIfAborted();
  const { config } = fitTimeframe(request.config, loaded);
  const plan = planOf({ ...request, config }, loaded.length);
  meter.total = plan.candles;
  const runner = createRunner(loaded, { ...options, meter });
  try {
    const report = await new RequestRun({ ...request, config }, {
      plan,
      runner,
      meter,
      onModelRecord,
    }).run();
    meter.finish();
    return report;
  } finally {
    runner.close();
  }
}

function createRunner(
  candles: CandleSeries,
  options: RunRequestOptions & { meter: ProgressMeter },
): JobRunner {
  const { workers, signal, behaviorOf, meter, models } = options;
  const shared = {
    ...(signal === undefined ? {} : { signal }),
    onProgress: (count: number) => meter.add(count),
  };
  return workers === null
    ? createInlineRunner({
      ...shared,
      candles,
      ...(behaviorOf === undefined ? {} : { behaviorOf }),
      ...(models === undefined ? {} : { models }),
    })
    : createPool({ ...shared, candles: shareCandles(candles), workers });
}

/** What a study leaves for the rest of the report. */
interface StudyOutcome {
  config: AgentConfig;
  result: Pick<JobResult, "plans"> & { run: BacktestRun };
  study: StudyReport;
  /** The run whose decisions are checked; null where it is to be made. */
  checked: BacktestRun | null;
}

/** One request on its way. */
class RequestRun {
  readonly #request: BacktestRequest;
  readonly #plan: RequestPlan;
  readonly #runner: JobRunner;
  readonly #meter: ProgressMeter;
  readonly #onModelRecord: (record: ModelRecord) => void;

  constructor(
    request: BacktestRequest,
    tools: {
      plan: RequestPlan;
      runner: JobRunner;
      meter: ProgressMeter;
      onModelRecord: (record: ModelRecord) => void;
    },
  ) {
    this.#request = request;
    this.#plan = tools.plan;
    this.#runner = tools.runner;
    this.#meter = tools.meter;
    this.#onModelRecord = tools.onModelRecord;
  }

  async run(): Promise<BacktestReport> {
    const outcome = await this.#study();
    const { config, result } = outcome;
    const lookAhead = await this.#check(outcome);
    this.#meter.enter("random entries");
    const randomEntry = await runRandomEntries(this.#runner, {
      config,
      range: this.#tradedRange(),
      plans: result.plans,
      runs: this.#request.randomEntryRuns,
      strategy: result.run.summary,
    });
    this.#meter.enter("report");
    const { candles } = this.#runner;
    return composeReport({
      request: this.#request,
      config,
      candles,
      run: result.run,
      study: outcome.study,
      baselines: {
        buyAndHold: buyAndHold(candles, {
          costs: config.costs,
          range: this.#tradedRange(),
        }),
        randomEntry,
      },
      lookAhead,
    });
  }

  #study(): Promise<StudyOutcome> {
    switch (this.#request.study.kind) {
      case "single":
        return this.#single(this.#request.config, { kind: "single" });
      case "sweep":
        return this.#sweep(this.#request.study);
      case "walk_forward":
        return this.#walkForward(this.#request.study);
    }
  }

  async #single(
    config: AgentConfig,
    study: StudyReport,
  ): Promise<StudyOutcome> {
    this.#meter.enter("backtest");
    const { range } = this.#plan;
    const { run, plans, modelRecord } = await this.#runner.run({
      ...range,
      config,
      trailBlock: trailBlock(range.toSeq - range.fromSeq),
      keeps: "whole",
      // A walk-forward study joins many runs, which nobody steps through.
      keepsVotes: this.#request.study.kind !== "walk_forward",
    });
    if (modelRecord !== null) this.#onModelRecord(modelRecord);
    return { config, result: { run: run!, plans }, study, checked: run };
  }

  async #sweep(
    { objective }: Extract<BacktestRequest["study"], { kind: "sweep" }>,
  ): Promise<StudyOutcome> {
    this.#meter.enter("sweep");
    const { sets, range } = this.#plan;
    const rows = await runSweep(this.#runner, { sets, objective, range });
    const best = rows[0]!.set;
    const outcome = await this.#single(best.config, { kind: "single" });
    const { initialCapital } = best.config.risk;
    const sharpes = rows.map(({ summary }) => summary.sharpe);
    const returns = dailyReturns(
      outcome.result.run.days,
      Number(initialCapital),
    );
    return {
      ...outcome,
      study: {
        kind: "sweep",
        objective,
        rows: rows.map(({ set: _set, ...row }) => row),
        deflatedSharpe: returns === null
          ? null
          : deflatedSharpe({ sharpes, returns }),
      },
    };
  }

  async #walkForward(
    { objective }: Extract<BacktestRequest["study"], { kind: "walk_forward" }>,
  ): Promise<StudyOutcome> {
    this.#meter.enter("walk-forward");
    const { config } = this.#request;
    const { sets, folds } = this.#plan;
    const { rows, joined, efficiency, plans } = await runWalkForward(
      this.#runner,
      {
        sets,
        objective,
        folds,
        initialCapital: config.risk.initialCapital,
      },
    );
    return {
      config,
      result: { run: joined, plans },
      study: { kind: "walk_forward", objective, folds: rows, efficiency },
      checked: null,
    };
  }

  /** The agent of a walk-forward study is checked with its own settings: those of the folds differ in values alone. */
  async #check({ config, checked }: StudyOutcome) {
    const { range } = this.#plan;
    const canCut = cutsOf(range.toSeq - range.fromSeq).length > 0;
    if (!this.#request.lookAheadCheck || !canCut) return null;
    const whole = checked ??
      (await this.#single(config, { kind: "single" })).checked;
    this.#meter.enter("look-ahead check");
    return await checkLookAhead(this.#runner, { config, range, whole: whole! });
  }

  /** Candles that were traded on: all, or the tests of a walk-forward study. */
  #tradedRange(): CandleRange {
    const { range, folds } = this.#plan;
    const [first] = folds;
    return first === undefined
      ? range
      : { fromSeq: first.test.fromSeq, toSeq: range.toSeq };
  }
}
