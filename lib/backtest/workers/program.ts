import type { ActorProgram } from "../../../actors/program.ts";
import { executeJob, type Job } from "./job.ts";
import { seriesOfShared, type SharedCandles } from "./shared_candles.ts";

/** Start configuration of a backtest worker. */
export interface BacktestWorkerConfig {
  candles: SharedCandles;
}

/** Report of a backtest worker to its owner: candles done since the last one. */
export interface BacktestWorkerReport {
  candles: number;
}

/** The backtest worker: it has the candles, and carries out one job at a time. */
export const backtestProgram: ActorProgram = {
  start(runtime) {
    const { candles } = runtime.config as BacktestWorkerConfig;
    const series = seriesOfShared(candles);
    return {
      receive: () => {},
      ask: (query) =>
        executeJob(query as Job, {
          candles: series,
          onProgress: (count) => {
            const report: BacktestWorkerReport = { candles: count };
            runtime.report(report);
          },
        }),
    };
  },
};
