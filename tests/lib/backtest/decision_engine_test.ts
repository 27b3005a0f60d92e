import assert from "node:assert/strict";
import { decisionEngine } from "../../../agents/decision_engine.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type { InferenceWorkerConfig } from "../../../lib/contracts/inference.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { type AgentBehavior, runWhole } from "../../../lib/backtest/engine.ts";
import { createModelPeer } from "../../../lib/backtest/model_peer.ts";
import { createInlineRunner } from "../../../lib/backtest/workers/inline_runner.ts";
import { executeJob } from "../../../lib/backtest/workers/job.ts";
import { createPool } from "../../../lib/backtest/workers/pool.ts";
import { shareCandles } from "../../../lib/backtest/workers/shared_candles.ts";
import { createWorkerHost } from "../../../actors/mod.ts";
import {
  recordBehavior,
  type RecordedTurn,
  repeatInput,
} from "../../../actors/recorded_behavior.ts";
import { inferencePermissions } from "../../../lib/server/worker_hosts.ts";
import {
  testEngineConfig,
  writeTestModels,
} from "../../support/engine_config.ts";
import { withTempDir } from "../../support/temp.ts";
import { fixture, prefixOf } from "./setup.ts";
import { RUNTIME } from "../../support/model_runtime.ts";

const ROOT = new URL("../../../", import.meta.url);
const COUNT = 800;
const CONFIG = agentConfigSchema.parse(testEngineConfig({ name: "Engine" }));

function withModels(
  run: (inference: InferenceWorkerConfig) => Promise<void>,
): Promise<void> {
  return withTempDir(async (folder) => {
    await writeTestModels(folder);
    await run({ runtime: RUNTIME, modelDirs: [folder] });
  });
}

Deno.test("runWhole() asks the models of a decision engine, whatever the batches are", async () => {
  await withModels(async (inference) => {
    const candles = prefixOf(await fixture(), COUNT);
    const models = createModelPeer(inference);
    const run = (batchCandles?: number) =>
      runWhole({
        candles,
        config: CONFIG,
        behavior: decisionEngine as AgentBehavior,
        models,
        trailBlock: 50,
        ...(batchCandles === undefined ? {} : { batchCandles }),
      });
    const straight = await run();
    assert(straight.summary.trades > 10, `${straight.summary.trades} trades`);
    const single = await run(1);
    assert.equal(single.summary.tradesHash, straight.summary.tradesHash);
    assert.deepEqual(single.trail, straight.trail);
    // The future changes nothing: a shorter run is the beginning of a longer one.
    const shorter = await runWhole({
      candles: prefixOf(candles, 700),
      config: CONFIG,
      behavior: decisionEngine as AgentBehavior,
      models,
      trailBlock: 50,
    });
    assert.deepEqual(shorter.trail, straight.trail.slice(0, 14));
  });
});

Deno.test("a recorded run of a decision engine repeats bit for bit without a model", async () => {
  await withModels(async (inference) => {
    const behavior = decisionEngine as AgentBehavior;
    const turns: RecordedTurn[] = [];
    await runWhole({
      candles: prefixOf(await fixture(), 600),
      config: CONFIG,
      behavior: recordBehavior(
        behavior,
        (turn) => void turns.push(structuredClone(turn)),
      ),
      models: createModelPeer(inference),
    });
    assert(
      turns.some(({ input }) =>
        input.type === "message" && input.link === "inference"
      ),
    );
    let instance: ReturnType<AgentBehavior["start"]> | null = null;
    for (const { input, outputs } of turns) {
      const repeated: ReturnType<typeof repeatInput> = repeatInput(
        behavior,
        instance,
        input,
      );
      instance = repeated.instance;
      assert.deepEqual(repeated.outputs, outputs);
    }
  });
});

Deno.test("createPool() runs decision engines as the inline runner does, in workers that read models alone", async () => {
  await withModels(async (inference) => {
    const candles = prefixOf(await fixture(), COUNT);
    const job = {
      config: CONFIG,
      fromSeq: 0,
      toSeq: COUNT,
      keeps: "summary",
    } as const;
    const inline = createInlineRunner({
      candles,
      models: createModelPeer(inference),
    });
    const pool = createPool({
      candles: shareCandles(candles),
      workers: {
        count: 1,
        inference,
        createHost: () =>
          createWorkerHost({
            entry: new URL("lib/backtest/worker.ts", ROOT),
            name: "backtest",
            permissions: inferencePermissions(inference),
          }),
      },
    });
    try {
      const [here, there] = await Promise.all([inline.run(job), pool.run(job)]);
      assert.equal(there.summary.tradesHash, here.summary.tradesHash);
      assert.equal(there.summary.netPnl, here.summary.netPnl);
    } finally {
      inline.close();
      pool.close();
    }
  });
});

Deno.test("executeJob() refuses a decision engine without models, and one whose model cannot be loaded", async () => {
  const candles = prefixOf(await fixture(), 10);
  const job = {
    config: CONFIG,
    fromSeq: 0,
    toSeq: 10,
    keeps: "summary",
  } as const;
  await assert.rejects(
    executeJob(job, { candles }),
    (error) =>
      error instanceof AppError && error.code === "BACKTEST_TYPE_REFUSED",
  );
  const models = createModelPeer({
    runtime: { folder: "", requestPath: null },
    modelDirs: [],
  });
  await assert.rejects(
    executeJob(job, { candles, models }),
    (error) =>
      error instanceof AppError && error.code === "MODEL_UNUSABLE" &&
      error.message ===
        'The model "own-lstm" cannot be used: There is no model "own-lstm"; add it with "deno task ml add" or name another',
  );
});
