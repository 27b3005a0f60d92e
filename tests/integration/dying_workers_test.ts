import assert from "node:assert/strict";
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import { setUp } from "../support/api.ts";
import { runBacktestTask } from "../support/backtest.ts";
import { agentConfig } from "../support/config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { REPLAY_FILE, writeReplayFile } from "../support/replay_file.ts";
import { withTempDir } from "../support/temp.ts";

const CANDLES = 1_500;
const TEMPLATE = "structure-combined";

/** Which worker dies after which candle, in the order of the replay. */
const DEATHS = [
  { after: 200, kind: "desk" },
  { after: 500, kind: "feed" },
  { after: 800, kind: "agent" },
] as const;

Deno.test("agent ends with the backtest's trades though desk, feed and its own worker died", async () => {
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    await writeReplayFile(dir, CANDLES);
    const server = await serveInProcess({
      dataDir,
      env: { CANDLES_DIR: dir },
    });
    try {
      const api = await setUp(server, dataDir);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: agentConfig({
          name: "survivor",
          timeframe: "15m",
          // Slow enough to be hit in the middle.
          feed: { kind: "replay", file: REPLAY_FILE, speed: 100_000 },
        }, TEMPLATE),
        acknowledgeWarnings: true,
      });
      for (const { after, kind } of DEATHS) {
        // deno-lint-ignore no-await-in-loop -- one death after the other
        await api.waitForAgent(
          id,
          ({ progress, observed }) =>
            progress.seq > after && observed === "running",
        );
        for (const host of server.hosts[kind]) host.terminate();
        // The next one dies when this death is over, however fast the market catches up.
        // deno-lint-ignore no-await-in-loop -- as above
        await api.waitForAgent(id, ({ observed }) => observed !== "running");
      }
      const done = await api.waitForAgent(
        id,
        ({ progress, account }) =>
          progress.ended && account?.seq === CANDLES - 1,
      );
      const backtest = await runBacktestTask({
        file: `${dir}/${REPLAY_FILE}`,
        template: TEMPLATE,
        timeframe: "15m",
      });
      assert.equal(done.account?.trades, backtest.trades);
      assert.equal(done.account?.tradesHash, backtest.tradesHash);
      const { history } = await api.get<AgentDetail>(`/api/agents/${id}`);
      assertWaited(history, "desk:paper");
      assertWaited(history, "feed:replay");
    } finally {
      await server.stop();
    }
  });
});

/** The agent was shown waiting for what had died, and running again afterwards, in one incarnation. */
function assertWaited(history: AgentDetail["history"], actorId: string): void {
  const at = history.findIndex(({ to, event, cause }) =>
    to === "reconciling" && event === "dependency_lost" &&
    cause.includes(actorId)
  );
  assert.notEqual(at, -1, `nothing waited for ${actorId}`);
  const next = history[at + 1];
  assert.equal(next?.to, "running");
  assert.equal(next?.epoch, history[at]!.epoch);
}

Deno.test("kill withdraws the agent's orders even if the desk was dead at that moment", async () => {
  await withTempDir(async (dataDir) => {
    const server = await serveInProcess({
      dataDir,
      env: { SIMULATION_SPEED: "600" },
    });
    try {
      const api = await setUp(server, dataDir);
      const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
        config: agentConfig({ name: "killed" }, TEMPLATE),
        acknowledgeWarnings: true,
      });
      await api.waitForAgent(
        id,
        ({ account }) => (account?.openOrders.length ?? 0) > 0,
      );
      for (const host of server.hosts.desk) host.terminate();
      await api.send("POST", `/api/agents/${id}/control`, {
        action: "kill",
        reason: "drill",
      });
      const killed = await api.waitForAgent(
        id,
        ({ observed, account }) =>
          observed === "killed" && account?.openOrders.length === 0,
      );
      assert.equal(killed.account?.position, null);
      assert.equal(killed.vitals.heartbeatAt, null);
    } finally {
      await server.stop();
    }
  });
});
