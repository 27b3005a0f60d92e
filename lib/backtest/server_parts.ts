/**
 * What a server carries backtests out with: the one place that names the
 * runner, the reader of candles and the tear sheet.
 *
 * @module
 */
import type { BacktestRequest } from "../contracts/backtest.ts";
import { loadCandleFile } from "../exchange/candle_file.ts";
import { candlesOf } from "./candle_source.ts";
import { renderTearSheet } from "./report/tear_sheet.tsx";
import type { ModelPeer } from "./model_peer.ts";
import { runRequest } from "./run_request.ts";
import type { BacktestServiceOptions } from "./service.ts";
import { describeCandleFile } from "./service/candle_head.ts";
import { ReplayRoom } from "./service/replay_room.ts";
import { behaviorOf } from "./workers/job.ts";
import type { WorkerSource } from "./workers/pool.ts";

/** Where a server has its candles and its workers from. */
export interface ServerPartsOptions {
  candlesDir: string;
  /** Null carries everything out in this isolate. */
  workers: WorkerSource | null;
  /** Models for runs in this isolate; a server has workers, and loads none. */
  models?: ModelPeer;
  /** Waits until models can be run; left out where they can. */
  prepareModels?(signal: AbortSignal): Promise<void>;
}

/** The parts of the service that do the work. */
export function serverParts(
  { candlesDir, workers, models, prepareModels }: ServerPartsOptions,
): Pick<
  BacktestServiceOptions,
  "run" | "renderTearSheet" | "describeFile" | "replays"
> {
  const load = (file: string) => loadCandleFile(`${candlesDir}/${file}`);
  return {
    async run(request, { signal, onProgress, onModelRecord }) {
      if (request.config.type === "decision_engine") {
        onProgress({ phase: "models", share: 0, candlesPerSecond: null });
        await prepareModels?.(signal);
      }
      return await runRequest(request, {
        loadCandles: load,
        workers,
        signal,
        onProgress,
        onModelRecord,
        behaviorOf,
        ...(models === undefined ? {} : { models }),
      });
    },
    renderTearSheet,
    describeFile: (file) => describeCandleFile(`${candlesDir}/${file}`),
    replays: new ReplayRoom({
      behaviorOf,
      loadCandles: ({ data, config }: BacktestRequest) =>
        candlesOf(data, { config, load }),
    }),
  };
}
