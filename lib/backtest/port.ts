/**
 * Backtests as the rest of the product sees them.
 *
 * @module
 */
import type { Caller } from "../contracts/audit.ts";
import type { QuotaUse } from "../contracts/quota.ts";
import type { AgentConfig } from "../contracts/agent_config.ts";
import type {
  BacktestData,
  BacktestDetail,
  BacktestProgress,
  BacktestRequest,
  BacktestView,
  Study,
} from "../contracts/backtest.ts";
import type { BacktestReport } from "../contracts/backtest_report.ts";
import type { Candle, Timeframe } from "../contracts/candle.ts";
import type { ModelRecord } from "../contracts/model_record.ts";
import type { ReplayView } from "../contracts/replay.ts";
import type { FieldError } from "../core/errors.ts";

/** Those parts of a request that have the right form by themselves. */
export interface RequestParts {
  config: AgentConfig | null;
  data: BacktestData | null;
  study: Study | null;
}

/** A part of the candles that a run was made over. */
export interface CandlePage {
  /** Number of all candles of the run. */
  total: number;
  candles: readonly Candle[];
}

/** What carries out one run. Rejects with the signal's reason when it is aborted. */
export type RunBacktest = (
  request: BacktestRequest,
  options: {
    signal: AbortSignal;
    onProgress: (progress: BacktestProgress) => void;
    /** Told what the models of a run said, where it asks any. */
    onModelRecord: (record: ModelRecord) => void;
  },
) => Promise<BacktestReport>;

/** The backtests of a server. */
export interface Backtests {
  /** What is wrong with a request beyond its form, with pointers into it. */
  check(parts: RequestParts): Promise<readonly FieldError[]>;
  /**
   * Puts a run into the queue.
   *
   * @throws {AppError} REQUEST_INVALID with a pointer for every wrong field, QUOTA_EXCEEDED, STORE_UNAVAILABLE.
   */
  submit(
    request: BacktestRequest,
    caller: Caller,
  ): Promise<BacktestView>;
  /** Every run, newest first. */
  list(): readonly BacktestView[];
  /** Runs of a person, and of all, that wait or run. */
  quotas(userId: string): readonly QuotaUse[];
  /** One run without its report. @throws {AppError} BACKTEST_NOT_FOUND. */
  view(id: string): BacktestView;
  /** One run with its report. @throws {AppError} BACKTEST_NOT_FOUND. */
  get(id: string): Promise<BacktestDetail>;
  /**
   * Ends a run that waits or runs, also one of another process, which looks at the store.
   *
   * @throws {AppError} BACKTEST_NOT_FOUND, BACKTEST_STATE_CONFLICT.
   */
  cancel(id: string, caller: Caller): Promise<BacktestView>;
  /**
   * Forgets a run that has ended.
   *
   * @throws {AppError} BACKTEST_NOT_FOUND, BACKTEST_STATE_CONFLICT.
   */
  remove(id: string, caller: Caller): Promise<void>;
  /** The candles of a run, for charts. @throws {AppError} BACKTEST_NOT_FOUND, BACKTEST_STATE_CONFLICT. */
  candles(
    id: string,
    page: { fromSeq: number; limit: number },
  ): Promise<CandlePage>;
  /** The report as one HTML page. @throws {AppError} BACKTEST_NOT_FOUND, BACKTEST_STATE_CONFLICT. */
  tearSheet(id: string): Promise<string>;
  /**
   * The run as it stood at a candle, with what happened after `afterSeq`.
   *
   * @throws {AppError} BACKTEST_NOT_FOUND, BACKTEST_STATE_CONFLICT.
   */
  replay(
    id: string,
    place: { seq: number; afterSeq: number },
  ): Promise<ReplayView>;
}

/** What is known of a candle file without reading all of it. */
export interface CandleFileFacts {
  /** Null where the candles are apart by no timeframe of the product. */
  timeframe: Timeframe | null;
}
