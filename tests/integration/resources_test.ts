import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { ResourcesResponse } from "../../lib/contracts/resources.ts";
import { setUp } from "../support/api.ts";
import { tirelessConfig } from "../support/config.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** Heartbeats come each second; the sixth is the first that has CPU time on both sides. */
const CPU_KNOWN_MS = 6_000;

Deno.test("an agent in its worker is measured beside its estimate, and one that stopped is unknown, not zero", () =>
  withTempDir(async (dataDir) => {
    const server = await startServer({
      dataDir,
      env: { SIMULATION_SPEED: "3000" },
    });
    try {
      const api = await setUp(server, dataDir);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: { ...tirelessConfig("measured"), timeframe: "1m" },
        acknowledgeWarnings: true,
      });
      const path = `/api/agents/${id}/resources`;
      const first = await api.waitForAgent(
        id,
        ({ vitals }) => vitals.heartbeatAt !== null,
      );
      const knownAt = first.vitals.heartbeatAt! + CPU_KNOWN_MS;
      await api.waitForAgent(
        id,
        ({ vitals }) => (vitals.heartbeatAt ?? 0) >= knownAt,
      );
      const running = await api.get<ResourcesResponse>(path);
      const { lastMinute, lastHour } = running.measured;
      for (const usage of [lastMinute, lastHour]) {
        assert.ok(usage.cores! > 0 && usage.cores! < 1);
        assert.ok(usage.busyShare! > 0 && usage.busyShare! < 1);
        assert.ok(usage.heapMiB! > 0 && usage.heapMiBMax! >= usage.heapMiB!);
        assert.ok(usage.messagesInPerSecond! > 0);
        assert.ok(usage.messagesOutPerSecond! > 0);
        assert.ok(usage.mailboxDepthMax !== null);
        assert.ok(usage.loopLagMsP99 !== null);
        assert.equal(usage.apiCallsPerMinute, null, "there is no venue");
      }
      assert.ok(running.estimate!.cores > 0);
      assert.ok(running.compared.cores! > 0);
      assert.ok(running.compared.messagesPerMinute! > 0);

      await api.send("POST", `/api/agents/${id}/control`, { action: "stop" });
      await api.waitForAgent(id, ({ observed }) => observed === "stopped");
      const stopped = await api.get<ResourcesResponse>(path);
      const { measuredSeconds, ...figures } = stopped.measured.lastMinute;
      assert.equal(measuredSeconds, 0);
      for (const [name, figure] of Object.entries(figures)) {
        assert.equal(figure, null, name);
      }
      assert.ok(stopped.ageSeconds! >= 0 && stopped.measuredAt !== null);
      assert.deepEqual(stopped.estimate, running.estimate);
    } finally {
      await server.stop();
    }
  }));
