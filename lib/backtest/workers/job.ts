/**
 * One run as a message: what a study asks of a worker, and what comes back. The
 * same function carries it out in a worker and inline.
 *
 * @module
 */
import type { AgentConfig, AgentType } from "../../contracts/agent_config.ts";
import type { Objective } from "../../contracts/backtest.ts";
import type { BacktestSummary } from "../../contracts/backtest_report.ts";
import type { ModelRecord } from "../../contracts/model_record.ts";
import { behaviorOf as knownBehaviorOf } from "../../../agents/mod.ts";
import { AppError } from "../../core/errors.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import { type AgentBehavior, type BacktestRun, runWhole } from "../engine.ts";
import type { ModelPeer } from "../model_peer.ts";
import { RecordingPeer } from "../model_record.ts";
import { type EntryPlan, EntryPlans } from "../studies/entry_plans.ts";
import { randomEntryBehavior } from "../studies/random_entries.ts";
import { scoreOf } from "../studies/score.ts";

/** What is to be run. Structured-cloneable. */
export interface Job {
  config: AgentConfig;
  fromSeq: number;
  /** Candle after the last one. */
  toSeq: number;
  /** First candle that may be traded on; `fromSeq` where it is left out. */
  tradeFromSeq?: number;
  closesAtEnd?: boolean;
  batchCandles?: number;
  trailBlock?: number;
  /** Entries by lot instead of the agent's. */
  random?: { seed: number; plans: readonly EntryPlan[] };
  /** What the run is judged by; without one there is no score. */
  objective?: Objective;
  /** Whether the votes of its models are kept; of entries by lot there are none. */
  keepsVotes?: boolean;
  /** The summary alone, or everything. */
  keeps: "summary" | "whole";
}

/** What came of a job. */
export interface JobResult {
  summary: BacktestSummary;
  score: number | null;
  /** Null where only the summary was asked for. */
  run: BacktestRun | null;
  /** Filled entries, for random ones like them; empty where only the summary was asked for. */
  plans: readonly EntryPlan[];
  /** What the models said; null where that is not kept, or nobody was asked. */
  modelRecord: ModelRecord | null;
}

/** What carries out jobs over one series of candles. */
export interface JobRunner {
  readonly candles: CandleSeries;
  /** Rejects with the reason of the abort, or with what went wrong. */
  run(job: Job): Promise<JobResult>;
  /** Ends all that runs; nothing is left of it. */
  close(): void;
}

/** How a job is watched and ended. */
export interface JobOptions {
  candles: CandleSeries;
  /** The behaviour of an agent type; {@link behaviorOf} where it is left out. */
  behaviorOf?: (type: AgentType) => AgentBehavior | null;
  /** Models for agents that ask them; without any such an agent is refused. */
  models?: ModelPeer;
  signal?: AbortSignal;
  /** Called a few times a second with the candles since the last call. */
  onProgress?: (candles: number) => void;
}

/** Agent types that need no other agent. */
const BY_ITSELF: readonly AgentType[] = ["pattern_detector", "decision_engine"];

/** The behaviour that can be run by itself, or null. */
export function behaviorOf(type: AgentType): AgentBehavior | null {
  return BY_ITSELF.includes(type) ? knownBehaviorOf(type) : null;
}

/**
 * Carries out one job.
 *
 * @throws {AppError} BACKTEST_TYPE_REFUSED for an agent type that cannot be tested by itself.
 */
export async function executeJob(
  job: Job,
  options: JobOptions,
): Promise<JobResult> {
  const { candles, signal, onProgress } = options;
  const plans = new EntryPlans();
  const models = modelsFor(job, options);
  const recorder = models !== null && job.keepsVotes === true
    ? new RecordingPeer(models)
    : null;
  const asked = recorder ?? models;
  let reported = 0;
  const run = await runWhole({
    candles,
    config: job.config,
    behavior: behaviorFor(job, options),
    ...(asked === null ? {} : { models: asked }),
    fromSeq: job.fromSeq,
    toSeq: job.toSeq,
    ...(job.tradeFromSeq === undefined
      ? {}
      : { tradeFromSeq: job.tradeFromSeq }),
    ...(job.batchCandles === undefined
      ? {}
      : { batchCandles: job.batchCandles }),
    ...(job.trailBlock === undefined ? {} : { trailBlock: job.trailBlock }),
    ...(signal === undefined ? {} : { signal }),
    ...(job.keeps === "whole" ? { onEvent: (event) => plans.take(event) } : {}),
    closesAtEnd: job.closesAtEnd ?? false,
    onProgress: (progress) => {
      onProgress?.(progress.candles - reported);
      reported = progress.candles;
    },
  });
  const isWhole = job.keeps === "whole";
  return {
    summary: run.summary,
    score: job.objective === undefined ? null : scoreOf(run, {
      objective: job.objective,
      initialCapital: job.config.risk.initialCapital,
    }),
    run: isWhole ? run : null,
    plans: isWhole ? plans.finish(candles, job.fromSeq) : [],
    modelRecord: recorder?.finish() ?? null,
  };
}

/** Entries by lot ask nobody. */
function modelsFor(
  { config, random }: Job,
  { models }: JobOptions,
): ModelPeer | null {
  if (config.type !== "decision_engine" || random !== undefined) return null;
  if (models !== undefined) return models;
  throw new AppError(
    "BACKTEST_TYPE_REFUSED",
    "A decision engine cannot be tested here, because there are no models to ask; choose a pattern detector",
    { status: 422 },
  );
}

function behaviorFor(job: Job, options: JobOptions): AgentBehavior {
  const { config, random, fromSeq, toSeq } = job;
  if (random !== undefined) {
    return randomEntryBehavior({ ...random, fromSeq, toSeq });
  }
  const behavior = (options.behaviorOf ?? behaviorOf)(config.type);
  if (behavior !== null) return behavior;
  throw new AppError(
    "BACKTEST_TYPE_REFUSED",
    `An agent of type ${config.type} cannot be tested by itself; choose a pattern detector or a decision engine`,
    { status: 422 },
  );
}
