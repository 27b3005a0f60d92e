import assert from "node:assert/strict";
import type { Behavior } from "../../actors/behavior.ts";
import { patternDetector } from "../../agents/mod.ts";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { RecordingInfo } from "../../lib/contracts/recording.ts";
import { replayFile } from "../../lib/backtest/recording/command.ts";
import { logIn, setUp, type TestApi } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { REPLAY_FILE, writeReplayFile } from "../support/replay_file.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

const CANDLES = 450;

async function listRecordings(
  api: TestApi,
  id: string,
): Promise<readonly RecordingInfo[]> {
  const path = `/api/agents/${id}/recordings`;
  return (await api.get<{ items: RecordingInfo[] }>(path)).items;
}

async function download(
  { server, api, id, name }: {
    server: TestServer;
    api: TestApi;
    id: string;
    name: string;
  },
): Promise<Uint8Array> {
  const response = await fetch(
    `${server.url}/api/agents/${id}/recordings/${name}`,
    { headers: { authorization: `Bearer ${await api.token()}` } },
  );
  assert.equal(response.status, 200);
  return await response.bytes();
}

function replay(path: string) {
  return replayFile(path, {
    name: path,
    behaviorOf: () => patternDetector as Behavior,
  });
}

Deno.test("agent in its worker records its session, which is replayed bit for bit, also where the server was killed", async () => {
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    await writeReplayFile(dir, CANDLES);
    const options = { dataDir, candlesDir: dir };
    let server = await startServer(options);
    try {
      let api = await setUp(server, dataDir);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: agentConfig({
          name: "recorded",
          timeframe: "15m",
          record: true,
          // Slow enough to be hit in the middle.
          feed: { kind: "replay", file: REPLAY_FILE, speed: 100_000 },
        }, "structure-combined"),
        acknowledgeWarnings: true,
      });
      await api.waitForAgent(id, ({ progress }) => progress.seq > 60);
      await server.kill();
      server = await startServer({ ...options, port: server.port });
      api = await logIn(server);
      await api.waitForAgent(
        id,
        ({ progress, account }) =>
          progress.ended && account?.seq === CANDLES - 1,
      );
      await api.send("POST", `/api/agents/${id}/control`, { action: "stop" });
      await api.waitForAgent(id, ({ observed }) => observed === "stopped");
      const found = await listRecordings(api, id);
      assert.deepEqual(found.map(({ isWhole }) => isWhole), [true, false]);
      const folder = `${dataDir}/recordings`;
      assert.equal((await Deno.stat(folder)).mode! & 0o777, 0o700);
      for (const { name, isWhole, bytes } of found) {
        const path = `${folder}/${name}`;
        // deno-lint-ignore no-await-in-loop -- one after the other
        const content = await download({ server, api, id, name });
        assert.equal(content.length, bytes);
        // deno-lint-ignore no-await-in-loop -- as above
        assert.deepEqual(content, await Deno.readFile(path));
        // deno-lint-ignore no-await-in-loop -- as above
        const verdict = await replay(path);
        assert.equal(verdict.isEqual, true, JSON.stringify(verdict));
        assert.equal(verdict.isWhole, isWhole);
        assert.ok(verdict.turns > 40, `${verdict.turns} turns`);
      }
    } finally {
      await server.stop();
    }
  });
});
