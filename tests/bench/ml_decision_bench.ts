// deno-lint-ignore-file no-console -- a benchmark prints its figures
/**
 * Time of a decision with the three shipped models, over real workers: from the
 * candle and the desk's step leaving this isolate until the decision is back.
 * In it are the features, two hops to the engine's worker and back, two more to
 * the inference worker and back, and a run of each model.
 *
 * @module
 */
import {
  type ActorHandlers,
  type ActorRuntime,
  createInlineHost,
  createSupervisor,
  createWorkerHost,
  NO_PERMISSIONS,
  systemClock,
} from "../../actors/mod.ts";
import { packCandles } from "../../agents/market/candle_batch.ts";
import { agentConfigSchema } from "../../lib/contracts/agent_config.ts";
import type { Candle } from "../../lib/contracts/candle.ts";
import type { DeskStepped } from "../../lib/contracts/links.ts";
import { SHIPPED_MODELS_DIR } from "../../lib/inference/library/model_library.ts";
import { inferencePermissions } from "../../lib/server/worker_hosts.ts";
import { agentConfig } from "../support/config.ts";
import { randomWalk } from "../agents/fixtures/candles.ts";
import { RUNTIME } from "../support/model_runtime.ts";

const ROOT = new URL("../../", import.meta.url);

/** Candles before those that are measured: the features warm up, and the engines compile what they run. */
const WARM_UP = 6_000;
const MEASURED = 10_000;

/** Feed and desk in one: gives a candle, waits for the decision, notes the time it took, gives the next. */
class Market {
  readonly done = Promise.withResolvers<readonly number[]>();
  readonly #candles: readonly Candle[];
  readonly #times: number[] = [];
  #runtime: ActorRuntime | null = null;
  #isSubscribed = false;
  #isAttached = false;
  #sentMs = 0;
  #next = 0;

  constructor(candles: readonly Candle[]) {
    this.#candles = candles;
  }

  start(runtime: ActorRuntime): ActorHandlers {
    this.#runtime = runtime;
    return { receive: (_, message) => this.#take(message as { type: string }) };
  }

  #take({ type }: { type: string }): void {
    if (type === "subscribe") this.#isSubscribed = true;
    else if (type === "attached") this.#isAttached = true;
    else if (type === "decided") {
      if (this.#next > WARM_UP) {
        this.#times.push(performance.now() - this.#sentMs);
      }
    } else return;
    if (this.#isSubscribed && this.#isAttached) this.#send();
  }

  #send(): void {
    const candle = this.#candles[this.#next++];
    if (candle === undefined) return this.done.resolve(this.#times);
    const packed = packCandles([candle]);
    const step: DeskStepped = {
      type: "stepped",
      seq: candle.seq,
      events: [],
      equity: "10000",
      hasPosition: false,
      tradingState: "active",
    };
    this.#sentMs = performance.now();
    this.#runtime!.send("feed", { type: "candles", ...packed });
    this.#runtime!.send("desk", step);
  }
}

const inference = {
  runtime: RUNTIME,
  modelDirs: [decodeURIComponent(new URL(SHIPPED_MODELS_DIR, ROOT).pathname)],
};
const supervisor = createSupervisor({
  clock: systemClock,
  random: Math.random,
  onEvent: () => {},
});
const market = new Market(randomWalk({ seed: 1, count: WARM_UP + MEASURED }));
const start = (
  id: string,
  createHost: Parameters<typeof supervisor.start>[0]["createHost"],
  config: unknown,
) =>
  supervisor.start({
    id,
    kind: id,
    restart: "temporary",
    createHost,
    loadInit: () => Promise.resolve({ config, snapshot: null }),
  });
await start("inference", () =>
  createWorkerHost({
    entry: new URL("lib/inference/worker.ts", ROOT),
    name: "inference",
    permissions: inferencePermissions(inference),
  }), inference);
await start(
  "market",
  () => createInlineHost({ program: market, clock: systemClock }),
  null,
);
await start("agent", () =>
  createWorkerHost({
    entry: new URL("agents/worker.ts", ROOT),
    name: "agent",
    permissions: NO_PERMISSIONS,
  }), {
  agentId: "agent",
  startSeq: 0,
  tradeFromSeq: 0,
  config: agentConfigSchema.parse({
    ...agentConfig({ name: "bench" }),
    type: "decision_engine",
    detector: {},
    decision: {},
  }),
});
for (const link of ["feed", "desk"]) {
  supervisor.connect({
    from: "market",
    to: "agent",
    fromLink: link,
    toLink: link,
  });
}
supervisor.connect({
  from: "agent",
  to: "inference",
  fromLink: "inference",
  toLink: "agent",
});
const times = (await market.done.promise).toSorted((a, b) => a - b);
const at = (share: number) =>
  Number(times[Math.floor(share * (times.length - 1))]!.toFixed(4));
console.log(JSON.stringify({
  name: "ml.decision",
  unit: "ms",
  n: times.length,
  p50: at(0.5),
  p99: at(0.99),
  p999: at(0.999),
  max: at(1),
}));
for (
  const { name, runs, failures, computeMsP50, computeMsP99 } of await supervisor
    .ask("inference", { type: "models" }) as {
      name: string;
      runs: number;
      failures: number;
      computeMsP50: number;
      computeMsP99: number;
    }[]
) {
  if (failures > 0) throw new Error(`${failures} runs of ${name} failed`);
  console.log(JSON.stringify({
    name: `ml.run.${name}`,
    unit: "ms",
    n: runs,
    p50: Number(computeMsP50.toFixed(4)),
    p99: Number(computeMsP99.toFixed(4)),
  }));
}
await supervisor.drain({ deadlineMs: 1_000 });
