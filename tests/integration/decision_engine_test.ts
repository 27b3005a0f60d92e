import assert from "node:assert/strict";
import { decisionEngine } from "../../agents/decision_engine.ts";
import { type AgentBehavior, runWhole } from "../../lib/backtest/engine.ts";
import { createModelPeer } from "../../lib/backtest/model_peer.ts";
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import {
  type AgentConfigInput,
  agentConfigSchema,
} from "../../lib/contracts/agent_config.ts";
import type { ModelInfo } from "../../lib/contracts/inference.ts";
import type { LogEntry } from "../../lib/contracts/log.ts";
import { loadCandleFile } from "../../lib/exchange/candle_file.ts";
import { setUp } from "../support/api.ts";
import {
  TEST_MODELS,
  testEngineConfig,
  writeTestModels,
} from "../support/engine_config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { REPLAY_FILE, writeReplayFile } from "../support/replay_file.ts";
import { withTempDir } from "../support/temp.ts";
import { RUNTIME } from "../support/model_runtime.ts";

const CANDLES = 900;

function replaying(name: string, speed: number | "max"): AgentConfigInput {
  return testEngineConfig({
    name,
    feed: { kind: "replay", file: REPLAY_FILE, speed },
  });
}

/** What the same engine comes to in a backtest, inline and with models of its own. */
async function backtestHash(file: string, dataDir: string): Promise<string> {
  const run = await runWhole({
    candles: await loadCandleFile(file),
    config: agentConfigSchema.parse(replaying("backtest", "max")),
    behavior: decisionEngine as AgentBehavior,
    models: createModelPeer({
      runtime: RUNTIME,
      modelDirs: [`${dataDir}/models`],
    }),
  });
  return run.summary.tradesHash;
}

Deno.test("decision engine starts the models with the first of its kind, trades as its backtest does, also when models and agent die", async () => {
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    await writeReplayFile(dir, CANDLES);
    await writeTestModels(`${dataDir}/models`);
    const server = await serveInProcess({ dataDir, env: { CANDLES_DIR: dir } });
    try {
      const api = await setUp(server, dataDir);
      assert.equal(server.hosts.inference.length, 0);
      const spawn = (config: AgentConfigInput) =>
        api.send<AgentView>("POST", "/api/agents/spawn", {
          config,
          acknowledgeWarnings: true,
        });
      const isDone = ({ progress, account }: AgentView) =>
        progress.ended && account?.seq === CANDLES - 1;
      const straight = await spawn(replaying("straight", "max"));
      const done = await api.waitForAgent(straight.id, isDone);
      assert(done.account!.trades > 10, `${done.account!.trades} trades`);
      assert.equal(
        done.account!.tradesHash,
        await backtestHash(`${dir}/${REPLAY_FILE}`, dataDir),
      );
      assert.equal(server.hosts.inference.length, 1);

      // Slow enough to be hit in the middle.
      const hit = await spawn(replaying("hit", 100_000));
      const kinds = ["inference", "agent"] as const;
      for (const [index, kind] of kinds.entries()) {
        // deno-lint-ignore no-await-in-loop -- one death after the other
        await api.waitForAgent(
          hit.id,
          ({ progress, observed }) =>
            progress.seq > 560 + 100 * index && observed === "running",
        );
        for (const host of server.hosts[kind]) host.terminate();
        // deno-lint-ignore no-await-in-loop -- as above
        await api.waitForAgent(
          hit.id,
          ({ observed }) => observed !== "running",
        );
      }
      const ended = await api.waitForAgent(hit.id, isDone);
      assert.equal(ended.account!.tradesHash, done.account!.tradesHash);
      const { history } = await api.get<AgentDetail>(`/api/agents/${hit.id}`);
      assert(
        history.some(({ to, cause }) =>
          to === "reconciling" && cause.includes("inference")
        ),
      );
      const { items } = await api.get<{ items: ModelInfo[] }>("/api/models");
      const own = items.filter(({ origin }) => origin === "own");
      assert.deepEqual(own.map(({ name }) => name), TEST_MODELS);
      assert(
        own.every(({ loaded }) => loaded!.runs > 0 && loaded!.failures === 0),
      );
    } finally {
      await server.stop();
    }
  });
});

Deno.test("decision engine whose model is broken trades nothing and says so", async () => {
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    await writeReplayFile(dir, CANDLES);
    await writeTestModels(`${dataDir}/models`);
    // The description is sound, so it can be spawned; the file is another one.
    await Deno.copyFile(
      `${dataDir}/models/own-lstm/model.onnx`,
      `${dataDir}/models/own-ppo/model.onnx`,
    );
    const server = await serveInProcess({ dataDir, env: { CANDLES_DIR: dir } });
    try {
      const api = await setUp(server, dataDir);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: replaying("broken", "max"),
        acknowledgeWarnings: true,
      });
      const done = await api.waitForAgent(
        id,
        ({ progress, modelProblem }) => progress.ended && modelProblem !== null,
      );
      assert.equal(done.account!.trades, 0);
      assert.match(
        done.modelProblem!,
        /^1 of 3 models has no vote: own-ppo: .*model\.onnx has the SHA-256/,
      );
      const { items } = await api.get<{ items: LogEntry[] }>(
        `/api/agents/${id}/logs?level=warning`,
      );
      assert(
        items.some(({ message }) =>
          message.startsWith("Model own-ppo cannot be used:")
        ),
      );
      await assert.rejects(
        api.send("POST", "/api/agents/spawn", {
          config: {
            ...replaying("unknown", "max"),
            decision: { models: ["crystal-ball"] },
          },
          acknowledgeWarnings: true,
        }),
        /There is no model \\?"crystal-ball\\?"; choose from .*own-lstm/,
      );
    } finally {
      await server.stop();
    }
  });
});
