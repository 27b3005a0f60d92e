import type { ActorProgram } from "../../../actors/program.ts";
import type { InferenceWorkerConfig } from "../../contracts/inference.ts";
import { createModelPeer } from "../model_peer.ts";
import { executeJob, type Job } from "./job.ts";
import { seriesOfShared, type SharedCandles } from "./shared_candles.ts";

/** Start configuration of a backtest worker. */
export interface BacktestWorkerConfig {
  candles: SharedCandles;
  /** Where models and their runtime are; left out where no run asks any. */
  inference?: InferenceWorkerConfig;
}

/** Report of a backtest worker to its owner: candles done since the last one. */
export interface BacktestWorkerReport {
  candles: number;
}

/** The backtest worker: it has the candles, and carries out one job at a time. */
export const backtestProgram: ActorProgram = {
  start(runtime) {
    const { candles, inference } = runtime.config as BacktestWorkerConfig;
    const series = seriesOfShared(candles);
    const models = inference === undefined ? null : createModelPeer(inference);
    return {
      receive: () => {},
      ask: (query) =>
        executeJob(query as Job, {
          candles: series,
          ...(models === null ? {} : { models }),
          onProgress: (count) => {
            const report: BacktestWorkerReport = { candles: count };
            runtime.report(report);
          },
        }),
    };
  },
};
