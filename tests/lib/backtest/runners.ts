import { createWorkerHost, NO_PERMISSIONS } from "../../../actors/mod.ts";
import type { WorkerSource } from "../../../lib/backtest/workers/pool.ts";
import { createPool } from "../../../lib/backtest/workers/pool.ts";
import { createInlineRunner } from "../../../lib/backtest/workers/inline_runner.ts";
import type { JobRunner } from "../../../lib/backtest/workers/job.ts";
import { shareCandles } from "../../../lib/backtest/workers/shared_candles.ts";
import type { CandleSeries } from "../../../lib/exchange/candle_series.ts";

const ENTRY = new URL("../../../lib/backtest/worker.ts", import.meta.url);

/** Real workers, with no permission at all. */
export function realWorkers(count: number): WorkerSource {
  return {
    count,
    createHost: () =>
      createWorkerHost({
        entry: ENTRY,
        name: "backtest",
        permissions: NO_PERMISSIONS,
      }),
  };
}

/** Runs something with a runner of so many workers, 0 for none, and ends it. */
export async function withRunner<Result>(
  { candles, workers }: { candles: CandleSeries; workers: number },
  action: (runner: JobRunner) => Promise<Result>,
): Promise<Result> {
  const runner = workers === 0 ? createInlineRunner({ candles }) : createPool({
    candles: shareCandles(candles),
    workers: realWorkers(workers),
  });
  try {
    return await action(runner);
  } finally {
    runner.close();
  }
}
