import { type Clock } from "../../actors/mod.ts";
import { serverParts } from "../backtest/server_parts.ts";
import { type RunningBacktests, startBacktests } from "../backtest/service.ts";
import { workerCount } from "../backtest/workers/pool.ts";
import { createIdFactory } from "../core/ids.ts";
import type { LiveHub } from "../live/port.ts";
import { STREAM_VERSION } from "../contracts/stream.ts";
import { RETAINED_BACKTESTS } from "../store/limits.ts";
import type { OpenedStore } from "../store/open_store.ts";
import { AppError } from "../core/errors.ts";
import { candlesDirOf, hasFolder, inferenceOf } from "./data_paths.ts";
import { createBacktestHost } from "./worker_hosts.ts";
import { createModelRuntime } from "./model_runtime.ts";
import type { PlatformOptions } from "./platform.ts";

/** Progress of a run is told to whoever listens now; its end is in the store. */
export function openBacktests(
  { env, root, console }: PlatformOptions,
  { clock, ids, store, hub }: {
    store: OpenedStore;
    hub: LiveHub;
    clock: Clock;
    ids: ReturnType<typeof createIdFactory>;
  },
): Promise<RunningBacktests> {
  const inference = inferenceOf(env, root);
  const runtime = createModelRuntime(inference.runtime, clock);
  const parts = serverParts({
    candlesDir: candlesDirOf(env),
    prepareModels: (signal) => runtime.ready(signal),
    workers: {
      // One processor is left to trading and to the panel.
      count: workerCount(navigator.hardwareConcurrency - 1),
      createHost: () => createBacktestHost(root, inference),
      inference,
    },
  });
  return startBacktests({
    ...parts,
    ...hasFolder(env) ? {} : { run: refuseToRun },
    store: store.backtests,
    time: clock,
    ids,
    retained: RETAINED_BACKTESTS,
    publish: (id, view) =>
      hub.publishVolatile({
        v: STREAM_VERSION,
        seq: null,
        topic: "backtest:update",
        at: new Date(clock.nowMs()).toISOString(),
        ...(view === null
          ? { type: "backtest.removed", data: { id } }
          : { type: "backtest.updated", data: view }),
      }, null),
    onError: (what, error) => console.error(`Cannot ${what}`, error),
  });
}

function refuseToRun(): Promise<never> {
  return Promise.reject(
    new AppError(
      "BACKTEST_FAILED",
      "This process has no workers and no candle files: start the run at one that has a data folder (DATA_DIR)",
    ),
  );
}
