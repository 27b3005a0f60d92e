/**
 * The inline backtest: the agent's own behaviour and the desk's own core,
 * joined in one isolate exactly as contracts/links.ts says. So a backtest and
 * the live path over the same candles agree trade by trade.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import type { Behavior } from "../../actors/behavior.ts";
import type { AgentWorkerConfig } from "../contracts/agent.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type { BacktestSummary } from "../contracts/backtest_report.ts";
import type { DeskEvent } from "../contracts/order.ts";
import type { CandleSeries } from "../exchange/candle_series.ts";
import type { ModelPeer } from "./model_peer.ts";
import { type FinishedRun, Run } from "./run.ts";

/** A behaviour that can be run over candles. */
export type AgentBehavior = Behavior<AgentWorkerConfig>;

/** What a backtest is made from. */
export interface BacktestOptions {
  candles: CandleSeries;
  config: AgentConfig;
  /** The behaviour of `config.type`. */
  behavior: AgentBehavior;
  /** Models for a behaviour that asks them; left out for one that does not. */
  models?: ModelPeer;
  /** Seed of the simulated venue; the configuration's own where none is given. */
  seed?: number;
  /** First candle; 0 where it is left out. */
  fromSeq?: number;
  /** Candle after the last one; the end of the series where it is left out. */
  toSeq?: number;
  /** First candle that may be traded on; those before it only warm the agent up. */
  tradeFromSeq?: number;
  /** Whether an open position is closed at the last close, with costs, and becomes a trade. */
  closesAtEnd?: boolean;
  /** Candles that the agent is handed at once; changes nothing for one that does not look ahead. */
  batchCandles?: number;
  /** Candles of one block of the decision trail; no trail where it is left out. */
  trailBlock?: number;
  /** Called a few times a second with the candles done so far. */
  onProgress?: (progress: { candles: number; total: number }) => void;
  /** Called with everything the desk says happened, in order: fills, closed trades, halts. */
  onEvent?: (event: DeskEvent) => void;
  /** Ends the run early: it rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** A finished run with its time. */
export interface BacktestRun extends Omit<FinishedRun, "summary"> {
  summary: BacktestSummary;
}

/** Candles of one batch to the behaviour. Its size changes nothing but the time it takes. */
const BATCH_CANDLES = 1_024;

/** The same for an agent that asks models, which takes a hundred times as long. */
const ASKING_BATCH_CANDLES = 64;

/** Longest time without a turn of the event loop. */
const TURN_MS = 50;

/** Candles between two looks at the clock. */
const CLOCK_CANDLES = 1_024;

/**
 * Runs one agent over the candles of a series and tells everything about it.
 *
 * @throws The reason of `signal` when it is aborted.
 */
export async function runWhole(
  options: BacktestOptions,
): Promise<BacktestRun> {
  const { onProgress, signal } = options;
  const isAsking = options.models !== undefined;
  const batch = options.batchCandles ??
    (isAsking ? ASKING_BATCH_CANDLES : BATCH_CANDLES);
  const startedMs = performance.now();
  const run = new Run(options);
  const { fromSeq, toSeq } = run;
  const total = toSeq - fromSeq;
  let turnMs = startedMs;
  let lookSeq = fromSeq;
  signal?.throwIfAborted();
  for (let seq = fromSeq; seq < toSeq; seq += batch) {
    const count = Math.min(batch, toSeq - seq);
    // deno-lint-ignore no-await-in-loop -- one batch after the other
    if (isAsking) await run.takeBatchAsking(seq, count);
    else run.takeBatch(seq, count);
    if (
      !isAsking && seq - lookSeq < CLOCK_CANDLES && batch < CLOCK_CANDLES
    ) continue;
    lookSeq = seq;
    if (performance.now() - turnMs < TURN_MS) continue;
    onProgress?.({ candles: Math.min(total, seq + batch - fromSeq), total });
    // deno-lint-ignore no-await-in-loop -- the loop must let an abort or a heartbeat through
    await new Promise((resolve) => void setImmediate(resolve));
    signal?.throwIfAborted();
    turnMs = performance.now();
  }
  onProgress?.({ candles: total, total });
  const finished = run.finish();
  const seconds = (performance.now() - startedMs) / 1_000;
  return {
    ...finished,
    summary: {
      ...finished.summary,
      seconds,
      candlesPerSecond: total / seconds,
    },
  };
}

/**
 * Runs one agent over the candles of a series.
 *
 * @throws The reason of `signal` when it is aborted.
 */
export async function runBacktest(
  options: BacktestOptions,
): Promise<BacktestSummary> {
  return (await runWhole(options)).summary;
}
