import assert from "node:assert/strict";
import {
  type ActorHandlers,
  type ActorRuntime,
  createInlineHost,
  createSupervisor,
  createWorkerHost,
  systemClock,
} from "../../../../actors/mod.ts";
import { behaviorProgram } from "../../../../actors/cell/behavior_program.ts";
import { decisionEngine } from "../../../../agents/decision_engine.ts";
import { WARM_UP_CANDLES } from "../../../../agents/decision/limits.ts";
import { packCandles } from "../../../../agents/market/candle_batch.ts";
import type { EnsembleView } from "../../../../agents/queries.ts";
import { agentConfigSchema } from "../../../../lib/contracts/agent_config.ts";
import type { Candle } from "../../../../lib/contracts/candle.ts";
import type { AgentDecided } from "../../../../lib/contracts/links.ts";
import type { DeskAction } from "../../../../lib/contracts/order.ts";
import { inferencePermissions } from "../../../../lib/server/worker_hosts.ts";
import { randomWalk } from "../../../agents/fixtures/candles.ts";
import { testEngineConfig } from "../../../support/engine_config.ts";
import {
  answeringNaN,
  lingering,
} from "../../../support/onnx/broken_networks.ts";
import {
  type PackageOptions,
  TEST_WINDOW,
  writeTestPackage,
} from "../../../support/onnx/write_package.ts";
import { withTempDir } from "../../../support/temp.ts";
import { RUNTIME } from "../../../support/model_runtime.ts";

const ROOT = new URL("../../../../", import.meta.url);
const CANDLES = randomWalk({
  seed: 5,
  // Three votes: as many as failures that end a model's vote.
  count: WARM_UP_CANDLES - 1 + TEST_WINDOW - 1 + 3,
});

/** Feed and desk in one: a candle, the desk's step, the decision, the next candle. */
class Market {
  readonly done = Promise.withResolvers<readonly DeskAction[]>();
  readonly #actions: DeskAction[] = [];
  #runtime: ActorRuntime | null = null;
  #next = 0;
  #opened = 0;

  start(runtime: ActorRuntime): ActorHandlers {
    this.#runtime = runtime;
    return { receive: (_, message) => this.#take(message as AgentDecided) };
  }

  #take({ type, actions }: { type: string; actions: AgentDecided["actions"] }) {
    if (type === "consumed") return;
    if (type === "decided") this.#actions.push(...actions);
    else if (++this.#opened < 2) return;
    const candle: Candle | undefined = CANDLES[this.#next++];
    if (candle === undefined) return this.done.resolve(this.#actions);
    this.#runtime!.send("feed", { type: "candles", ...packCandles([candle]) });
    this.#runtime!.send("desk", {
      type: "stepped",
      seq: candle.seq,
      events: [],
      equity: "10000",
      hasPosition: false,
      tradingState: "active",
    });
  }
}

/** An engine that asks one model in a real worker about the candles. */
async function runWith(
  options: Omit<PackageOptions, "name">,
  { isLive = false } = {},
): Promise<{ actions: readonly DeskAction[]; view: EnsembleView }> {
  let outcome: Awaited<ReturnType<typeof runWith>> | null = null;
  await withTempDir(async (dir) => {
    await writeTestPackage(dir, { name: "model", ...options });
    const inference = { runtime: RUNTIME, modelDirs: [dir] };
    const market = new Market();
    const supervisor = createSupervisor({
      clock: systemClock,
      random: () => 0.5,
      onEvent: (event) => {
        if (event.type !== "lifecycle" || event.change.to !== "quarantined") {
          return;
        }
        market.done.reject(new Error(JSON.stringify(event.change)));
      },
    });
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
    const program = behaviorProgram(decisionEngine);
    await start(
      "agent",
      () => createInlineHost({ program, clock: systemClock }),
      {
        agentId: "agent",
        startSeq: 0,
        tradeFromSeq: 0,
        config: agentConfigSchema.parse({
          ...testEngineConfig({ name: "engine" }),
          timeframe: "1m",
          ...(isLive
            ? { feed: { kind: "exchange", exchange: "binance" } }
            : {}),
          decision: {
            models: ["model"],
            minConfidence: 0.34,
            maxDisagreement: 1,
            targetAtr: 20,
          },
        }),
      },
    );
    const link = { fromLink: "agent", to: "agent" };
    supervisor.connect({ ...link, from: "inference", toLink: "inference" });
    for (const name of ["feed", "desk"]) {
      supervisor.connect({
        from: "market",
        fromLink: name,
        to: "agent",
        toLink: name,
      });
    }
    const actions = await market.done.promise;
    const view = await supervisor.ask("agent", { type: "ensemble" });
    await supervisor.drain({ deadlineMs: 1_000 });
    outcome = { actions, view: view as EnsembleView };
  });
  return outcome!;
}

function failuresOf(view: EnsembleView): (string | null)[] {
  return view.decisions.flatMap(({ votes }) =>
    votes.map(({ failure }) => failure)
  );
}

Deno.test("DecisionEngine trades on a sound model in a worker that may read it and the runtime alone", async () => {
  const { actions, view } = await runWith({});
  assert(actions.some(({ kind }) => kind === "submit"));
  assert(failuresOf(view).every((failure) => failure === null));
});

Deno.test("DecisionEngine never trades on a model that answers NaN on a market's candles", async () => {
  const { actions, view } = await runWith({ change: answeringNaN });
  assert.deepEqual(actions, []);
  assert.equal(failuresOf(view)[0], "gave a number that is not finite");
  assert.equal(view.models[0]!.state, "degraded");
});

Deno.test("DecisionEngine never trades on a model whose answer is not three numbers", async () => {
  const { actions, view } = await runWith({
    // The file leaves the size open; the runtime finds that it is 6.
    change: (graph) => ({
      ...graph,
      nodes: [
        ...graph.nodes.slice(0, -1),
        { ...graph.nodes.at(-1)!, outputs: ["before"] },
        {
          op: "Concat",
          inputs: ["before", "before"],
          outputs: ["logits"],
          attributes: { axis: 1 },
        },
      ],
      outputs: [{ name: "logits", shape: [1, "n"] }],
    }),
  });
  assert.deepEqual(actions, []);
  assert.equal(
    view.models[0]!.reason,
    'model: the output "logits" must be float32 [1, 3], but is float32 [1, 6]',
  );
});

Deno.test("DecisionEngine never trades on live prices with a model that takes too long", async () => {
  // A turn takes 3 to 9 µs: longer than is allowed on any machine, and shorter
  // than what makes a worker count as dead on a busy one.
  const change = lingering(40_000);
  const { actions, view } = await runWith({ change }, { isLive: true });
  assert.deepEqual(actions, []);
  assert.match(failuresOf(view)[0]!, /^took \d+ ms, at most 50 are allowed$/);
  assert.equal(view.models[0]!.state, "degraded");
});
