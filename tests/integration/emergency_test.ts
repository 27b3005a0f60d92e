import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type {
  EmergencyResponse,
  StopView,
} from "../../lib/contracts/emergency.ts";
import { logIn, setUp, type TestApi } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { haltCommand } from "../support/halt.ts";
import { serveInProcess } from "../support/in_process.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

async function spawn(api: TestApi, name: string): Promise<string> {
  const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: agentConfig({ name }, "structure-combined"),
    acknowledgeWarnings: true,
  });
  await api.waitForAgent(
    id,
    ({ observed, account }) => observed === "running" && account !== null,
  );
  return id;
}

async function untilHalted(api: TestApi, id: string): Promise<AgentView> {
  return await api.waitForAgent(
    id,
    ({ account }) => account?.tradingState === "halted",
  );
}

Deno.test("halt --local stops everything while the main isolate is stuck, and the platform learns of it afterwards", async () => {
  await withTempDir(async (dataDir) => {
    const server = await serveInProcess({
      dataDir,
      env: { SIMULATION_SPEED: "600" },
    });
    try {
      const api = await setUp(server, dataDir);
      const id = await spawn(api, "stuck");
      // The platform's main isolate is this one: it does nothing until the command has ended.
      const { code, stdout, stderr } = haltCommand(
        dataDir,
        [
          "--local",
          "--lever",
          "flatten",
          "--reason",
          "nobody answers",
          "--json",
        ],
      ).outputSync();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      const stop: StopView = JSON.parse(new TextDecoder().decode(stdout));
      assert.equal(stop.isWorking, false);
      assert.deepEqual(
        stop.progress.map(({ agentId, state }) => ({
          agentId,
          state,
        })),
        [{ agentId: id, state: "done" }],
      );
      const stopped = await api.waitForAgent(
        id,
        ({ observed }) => observed === "stopped",
      );
      assert.equal(stopped.account?.position, null);
      const { latches } = await api.get<EmergencyResponse>("/api/emergency");
      assert.equal(latches[0]?.reason, "nobody answers");
      assert.equal(latches[0]?.by.via, "local");
    } finally {
      await server.stop();
    }
  });
});

Deno.test({
  name:
    "SIGUSR2 blocks every agent; the stop holds over a killed server, and its file over a restart",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withTempDir(async (dataDir) => {
      const first = await startServer({
        dataDir,
        env: { SIMULATION_SPEED: "600" },
      });
      const api = await setUp(first, dataDir);
      const id = await spawn(api, "signalled");
      Deno.kill(first.pid, "SIGUSR2");
      await untilHalted(api, id);
      await first.kill();
      const file = `${dataDir}/emergency/latches.json`;
      const { mode } = await Deno.stat(file);
      assert.equal(mode! & 0o777, 0o600);
      const second = await startServer({
        dataDir,
        port: first.port,
        env: { SIMULATION_SPEED: "600" },
      });
      try {
        const again = await logIn(second);
        await untilHalted(again, id);
        const { latches } = await again.get<EmergencyResponse>(
          "/api/emergency",
        );
        assert.equal(latches[0]?.by.via, "signal");
        const denied = await again.get<{ items: { message: string }[] }>(
          "/api/agents/logs?category=risk&limit=50",
        );
        assert.ok(
          denied.items.some(({ message }) => /Emergency stop of/.test(message)),
        );
      } finally {
        assert.equal(await second.stop(), 0, second.output());
      }
    }),
});
