import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { ModelsResponse } from "../../lib/api/routes/catalog.ts";
import {
  RUNTIME_CONFIG_DIR,
  runtimePlace,
} from "../../lib/inference/install/runtime_place.ts";
import { startSupervised } from "../chaos/supervised_server.ts";
import { setUp } from "../support/api.ts";
import { testEngineConfig, writeTestModels } from "../support/engine_config.ts";
import { freePort } from "../support/free_port.ts";
// The packages are in Deno's cache then, so that this test needs no network.
import "../support/model_runtime.ts";
import { copyProject } from "../support/project_copy.ts";
import { REPLAY_FILE, writeReplayFile } from "../support/replay_file.ts";
import { withTempDir } from "../support/temp.ts";

const CANDLES = 800;

Deno.test("a server without the model runtime has it fetched by its parent for the first decision engine, which votes then; a failed try is told, and a restart of the agent is the next one", async () => {
  await withTempDir(async (folder) => {
    const root = await copyProject(folder);
    const dataDir = `${folder}/data`;
    await writeReplayFile(folder, CANDLES);
    await writeTestModels(`${dataDir}/models`);
    const server = await startSupervised({
      dataDir,
      port: freePort(),
      root,
      env: { CANDLES_DIR: folder },
    });
    try {
      await server.printed((text) => text.includes("Listening on http"));
      const api = await setUp(server, dataDir);
      const runtime = async () =>
        (await api.get<ModelsResponse>("/api/models")).runtime!;
      assert.equal((await runtime()).state, "absent");
      assert.deepEqual(packagesOf(root).filter(isRuntime), []);
      assert.equal(isThere(runtimePlace(root, null).folder), false);

      // What cannot be fetched: its lock file does not hold it.
      const lock = new URL(`${RUNTIME_CONFIG_DIR}/deno.lock`, root);
      const sound = await Deno.readTextFile(lock);
      await Deno.writeTextFile(lock, '{ "version": "5" }');
      const spawn = (name: string, speed: number | "max") =>
        api.send<AgentView>("POST", "/api/agents/spawn", {
          config: testEngineConfig({
            name,
            feed: { kind: "replay", file: REPLAY_FILE, speed },
          }),
          acknowledgeWarnings: true,
        });
      // So slow that its candles last.
      const { id } = await spawn("first", 1_000);
      const failed = await api.waitForAgent(
        id,
        ({ modelProblem }) => /could not be fetched/.test(modelProblem ?? ""),
      );
      assert.match(
        failed.modelProblem!,
        /^3 of 3 models have no vote: own-lstm: The ONNX runtime could not be fetched: .*lockfile is out of date.* run "deno task ml runtime"/,
      );
      assert.equal((await runtime()).state, "failed");

      await Deno.writeTextFile(lock, sound);
      const command = (action: string) =>
        api.send("POST", `/api/agents/${id}/control`, {
          action,
          reason: "Another try",
        });
      await command("stop");
      await api.waitForAgent(id, ({ observed }) => observed === "stopped");
      await command("start");
      await server.printed((text) =>
        text.includes("The ONNX runtime is installed")
      );
      await api.waitForAgent(
        id,
        ({ modelProblem, observed }) =>
          modelProblem === null && observed === "running",
      );
      const second = await spawn("second", "max");
      const done = await api.waitForAgent(
        second.id,
        ({ progress, account }) =>
          progress.ended && account?.seq === CANDLES - 1,
      );
      assert(done.account!.trades > 0);
      assert.equal((await runtime()).state, "installed");
      const { items } = await api.get<ModelsResponse>("/api/models");
      const own = items.filter(({ origin }) => origin === "own");
      assert(own.every(({ loaded }) => loaded!.users === 2));
      assert(own.every(({ loaded }) => loaded!.runs > 0));
      assert.equal(server.output().split("Fetches the ONNX").length, 3);
    } finally {
      server.signalParent("SIGTERM");
      assert.equal((await server.ended).code, 0);
    }
  });
});

/** Names of all packages that a project has installed. */
function packagesOf(root: URL): string[] {
  const folder = new URL("node_modules/", root);
  return [folder, new URL(".deno/", folder)].flatMap((place) =>
    [...Deno.readDirSync(place)].map(({ name }) => name)
  );
}

function isRuntime(name: string): boolean {
  return /^(onnxruntime|protobufjs)/.test(name);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
