/** `deno task backtest`: see `--help`. */
import { createWorkerHost } from "../actors/mod.ts";
import { TEMPLATES } from "../agents/mod.ts";
import { EXIT, runBacktestCommand } from "../lib/backtest/command.ts";
import { createModelPeer } from "../lib/backtest/model_peer.ts";
import { behaviorOf } from "../lib/backtest/workers/job.ts";
import { workerCount } from "../lib/backtest/workers/pool.ts";
import type { BacktestProgress } from "../lib/contracts/backtest.ts";
import { runtimeSource } from "../lib/inference/install/ensure_runtime.ts";
import { inferenceOf } from "../lib/server/data_paths.ts";
import { backtestPermissions } from "../lib/server/worker_hosts.ts";
import { writeTo } from "./output.ts";
import { readSetting } from "./read_setting.ts";

const ROOT = new URL("../", import.meta.url);
const err = writeTo(Deno.stderr);

/** One line that is written over, for a person at a terminal. */
function showProgress({ phase, share, candlesPerSecond }: BacktestProgress) {
  const speed = candlesPerSecond === null
    ? ""
    : `, ${
      Math.round(candlesPerSecond).toLocaleString("en-US")
    } candles a second`;
  const text = phase === "done"
    ? ""
    : `${phase} ${Math.floor(100 * share)} %${speed}`;
  err(`\r\x1b[K${text}`);
}

const cancel = new AbortController();
Deno.addSignalListener("SIGINT", () => {
  // A second one ends what does not let itself be ended.
  if (cancel.signal.aborted) Deno.exit(130);
  if (Deno.stderr.isTerminal()) err("\r\x1b[K");
  cancel.abort(new Error("Canceled"));
});

const dataDir = readSetting("DATA_DIR", err);
if (dataDir === null) Deno.exit(EXIT.usage);

const inference = inferenceOf({ DATA_DIR: dataDir }, ROOT);

// By its name: the task may run that alone.
const runtime = runtimeSource({
  root: ROOT,
  deno: "deno",
  say: (line) => err(`${line}\n`),
});

Deno.exit(
  await runBacktestCommand(Deno.args, {
    templates: TEMPLATES,
    behaviorOf,
    models: createModelPeer(inference),
    prepareModels: () => runtime.ensure(),
    workers: {
      inference,
      count: workerCount(navigator.hardwareConcurrency),
      createHost: () =>
        createWorkerHost({
          entry: new URL("../lib/backtest/worker.ts", import.meta.url),
          name: "backtest",
          permissions: backtestPermissions(inference),
        }),
    },
    signal: cancel.signal,
    ...(Deno.stderr.isTerminal() ? { onProgress: showProgress } : {}),
    // `deno task` changes into the project; paths are meant from where it was called.
    cwd: Deno.env.get("INIT_CWD") ?? Deno.cwd(),
    out: writeTo(Deno.stdout),
    err,
  }),
);
