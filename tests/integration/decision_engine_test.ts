import assert from "node:assert/strict";
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import type { ModelInfo } from "../../lib/contracts/inference.ts";
import type { LogEntry } from "../../lib/contracts/log.ts";
import { setUp } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { writeTestPackage } from "../support/onnx/write_package.ts";
import { REPLAY_FILE, writeReplayFile } from "../support/replay_file.ts";
import { withTempDir } from "../support/temp.ts";

const CANDLES = 900;
const MODELS = ["own-lstm", "own-transformer", "own-ppo"];

/** A decision engine over a replayed file that trades whatever its models say. */
function engineConfig(
  name: string,
  { speed = "max", models = MODELS }: {
    speed?: number | "max";
    models?: readonly string[];
  } = {},
): AgentConfigInput {
  const config = agentConfig({ name });
  return {
    ...config,
    type: "decision_engine",
    timeframe: "15m",
    // As the models were trained.
    detector: {},
    feed: { kind: "replay", file: REPLAY_FILE, speed },
    decision: {
      models: [...models],
      minConfidence: 0.34,
      maxDisagreement: 1,
      stopAtr: 2,
      targetAtr: 6,
      maxHoldCandles: 12,
    },
    risk: { ...config.risk, maxDrawdownPct: 50, dailyLossLimit: "10000" },
    safety: { ...config.safety, breakerConsecutiveLosses: 0 },
  };
}

async function writeModels(dataDir: string): Promise<void> {
  const folder = `${dataDir}/models`;
  await writeTestPackage(folder, { name: "own-lstm", kind: "lstm" });
  await writeTestPackage(folder, {
    name: "own-transformer",
    kind: "transformer",
    seed: 2,
  });
  await writeTestPackage(folder, { name: "own-ppo", kind: "ppo", seed: 3 });
}

Deno.test("decision engine starts the models with the first of its kind, survives their death, and ends with the same trades", async () => {
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    await writeReplayFile(dir, CANDLES);
    await writeModels(dataDir);
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
      const straight = await spawn(engineConfig("straight"));
      const done = await api.waitForAgent(straight.id, isDone);
      assert(done.account!.trades > 10, `${done.account!.trades} trades`);
      assert.equal(server.hosts.inference.length, 1);

      // Slow enough to be hit in the middle.
      const hit = await spawn(engineConfig("hit", { speed: 100_000 }));
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
      assert.deepEqual(own.map(({ name }) => name), MODELS.toSorted());
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
    await writeModels(dataDir);
    // The description is sound, so it can be spawned; the file is another one.
    await Deno.copyFile(
      `${dataDir}/models/own-lstm/model.onnx`,
      `${dataDir}/models/own-ppo/model.onnx`,
    );
    const server = await serveInProcess({ dataDir, env: { CANDLES_DIR: dir } });
    try {
      const api = await setUp(server, dataDir);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: engineConfig("broken"),
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
          config: engineConfig("unknown", { models: ["crystal-ball"] }),
          acknowledgeWarnings: true,
        }),
        /There is no model \\?"crystal-ball\\?"; choose from .*own-lstm/,
      );
    } finally {
      await server.stop();
    }
  });
});
