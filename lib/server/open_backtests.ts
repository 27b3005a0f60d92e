import { type Clock } from "../../actors/mod.ts";
import { serverParts } from "../backtest/server_parts.ts";
import { type RunningBacktests, startBacktests } from "../backtest/service.ts";
import { workerCount } from "../backtest/workers/pool.ts";
import { createIdFactory } from "../core/ids.ts";
import type { LiveHub } from "../live/port.ts";
import { RETAINED_BACKTESTS } from "../store/limits.ts";
import type { OpenedStore } from "../store/open_store.ts";
import { AppError } from "../core/errors.ts";
import { telling } from "./console.ts";
import { candlesDirOf, hasFolder, inferenceOf } from "./data_paths.ts";
import { createBacktestHost } from "./worker_hosts.ts";
import { createModelRuntime } from "./model_runtime.ts";
import type { PlatformOptions } from "./platform.ts";
import { tellBacktests } from "./tell_backtests.ts";

/** Progress of a run is told to whoever listens now; its end is in the store. */
export function openBacktests(
  { env, root, console }: PlatformOptions,
  { clock, ids, store, hub, hostId }: {
    store: OpenedStore;
    /** The name of this process among those that share the store; null where there is only this one. */
    hostId: string | null;
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
    ...(hostId === null ? {} : { hostId }),
    publish: tellBacktests({ clock, store, hub, console }),
    onError: telling(console, "backtests"),
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
