import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { startSupervised } from "../chaos/supervised_server.ts";
import { logIn, setUp, type StreamedEvent } from "../support/api.ts";
import { tirelessConfig } from "../support/config.ts";
import { freePort } from "../support/free_port.ts";
import { copyProject } from "../support/project_copy.ts";
import { withTempDir } from "../support/temp.ts";

/**
 * Added to the worker of the agents: what no agent of ours does. The first
 * incarnation of an agent trades for a moment and then loops, longer than
 * anybody waits; it cannot be ended but with its process.
 */
const BURN = `
addEventListener("message", ({ data }) => {
  if (data.type !== "init" || data.epoch !== 1) return;
  setTimeout(() => {
    const endMs = performance.now() + 600_000;
    while (performance.now() < endMs);
  }, 2_000);
});
`;

/** Half a minute of suspicion on a busy machine, or until it is less busy, and as much for the rest. */
const TOLD_MS = 300_000;

Deno.test("host whose agent loops for ever replaces the agent, tells of the burning thread, and is recycled for a fresh process", async () => {
  await withTempDir(async (folder) => {
    const root = await copyProject(folder);
    await Deno.writeTextFile(new URL(".build/workers/agent.js", root), BURN, {
      append: true,
    });
    const dataDir = `${folder}/data`;
    const server = await startSupervised({ dataDir, port: freePort(), root });
    try {
      await server.printed((text) => text.includes("Listening on http"));
      const api = await setUp(server, dataDir);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: tirelessConfig("burns"),
        acknowledgeWarnings: true,
      });
      const isTold = ({ type, data }: StreamedEvent) =>
        type === "system.event" && data.kind === "host";
      const untilMs = performance.now() + TOLD_MS;
      const events = await api.follow({
        after: 0,
        // Agents tell of themselves all the time, so that the wait ends also if nothing is told.
        topics: "system:event,agent:update",
        until: (seen) => seen.some(isTold) || performance.now() > untilMs,
      });
      assert.ok(events.some(isTold), server.output());
      assert.match(
        events.find(isTold).data.message,
        /1 thread burns on .* the server is recycled at a quiet moment/,
      );
      const replaced = await api.get<AgentView>(`/api/agents/${id}`);
      assert.deepEqual([replaced.observed, replaced.epoch], ["running", 2]);
      await server.printed((text) =>
        text.split("Listening on http").length === 3
      );
      assert.match(
        server.output(),
        /Starting afresh \(1 thread burns[^]*Stopped\n[^]*asked for a fresh one; starting again at once/,
      );
      const back = await (await logIn(server)).waitForAgent(
        id,
        ({ observed, epoch }) => observed === "running" && epoch > 2,
      );
      assert.ok(back.progress.seq >= replaced.progress.seq);
    } finally {
      server.signalParent("SIGTERM");
      assert.equal((await server.ended).code, 0);
    }
  });
});
