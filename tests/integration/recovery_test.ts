import assert from "node:assert/strict";
import type {
  AgentDetail,
  AgentView,
  PerformanceResponse,
} from "../../lib/contracts/agent.ts";
import { logIn, setUp, type TestApi } from "../support/api.ts";
import { tirelessConfig } from "../support/config.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { readAnnouncedTrades } from "../support/announced_trades.ts";

/** Fast enough that an agent trades within seconds of real time. */
const FAST = { SIMULATION_SPEED: "6000" };

async function spawn(api: TestApi, name: string): Promise<AgentView> {
  return await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: tirelessConfig(name),
    acknowledgeWarnings: true,
  });
}

Deno.test("server drained by SIGTERM starts again with every agent and its P&L", async () => {
  await withTempDir(async (dataDir) => {
    const first = await startServer({ dataDir, env: FAST });
    const api = await setUp(first, dataDir);
    const running = await spawn(api, "keeps-running");
    const paused = await spawn(api, "stays-paused");
    await api.waitForAgent(
      running.id,
      (agent) => (agent.account?.trades ?? 0) >= 2,
    );
    await api.waitForAgent(paused.id, (agent) => agent.observed === "running");
    await api.send("POST", `/api/agents/${paused.id}/control`, {
      action: "pause",
    });
    await api.waitForAgent(paused.id, (agent) => agent.observed === "paused");
    assert.equal(await first.stop(), 0);

    const second = await startServer({ dataDir, env: FAST, port: first.port });
    try {
      const again = await logIn(second);
      const back = await again.waitForAgent(
        running.id,
        (agent) => agent.observed === "running" && agent.epoch > 1,
      );
      assert.ok((back.account?.trades ?? 0) >= 2, "trades are kept");
      const stillPaused = await again.waitForAgent(
        paused.id,
        (agent) => agent.observed === "paused" && agent.epoch > 1,
      );
      assert.equal(stillPaused.desired, "paused");
      await assertBooksAgree(again, running.id);
    } finally {
      await second.stop();
    }
  });
});

Deno.test("server killed by SIGKILL starts again without losing or doubling a trade", async () => {
  await withTempDir(async (dataDir) => {
    let server = await startServer({ dataDir, env: FAST });
    let api = await setUp(server, dataDir);
    const { port } = server;
    const agent = await spawn(api, "survivor");
    for (let round = 1; round <= 3; round++) {
      // deno-lint-ignore no-await-in-loop -- each round kills what the last one started
      await api.waitForAgent(
        agent.id,
        ({ account }) => (account?.trades ?? 0) >= round * 2,
      );
      // deno-lint-ignore no-await-in-loop -- as above
      await server.kill();
      // deno-lint-ignore no-await-in-loop -- as above
      server = await startServer({ dataDir, env: FAST, port });
      // deno-lint-ignore no-await-in-loop -- as above
      api = await logIn(server);
      // deno-lint-ignore no-await-in-loop -- as above
      await api.waitForAgent(
        agent.id,
        ({ observed }) => observed === "running",
      );
    }
    try {
      await assertBooksAgree(api, agent.id);
    } finally {
      await server.stop();
    }
  });
});

/** The event log, the stored trades and the account tell the same story. */
async function assertBooksAgree(api: TestApi, id: string): Promise<void> {
  await api.send("POST", `/api/agents/${id}/control`, { action: "stop" });
  const stopped = await api.waitForAgent(
    id,
    (agent) => agent.observed === "stopped",
  );
  const trades = await readTrades(api, id);
  const announced = await readAnnouncedTrades(api, id, trades.length);
  const ids = trades.map((trade) => trade.tradeId);
  assert.equal(new Set(ids).size, ids.length, "no trade is stored twice");
  assert.equal(ids.length, stopped.account?.trades);
  assert.deepEqual(announced, ids.toReversed());
  assert.deepEqual(stopped.account?.openOrders, []);
  assert.equal(stopped.account?.position, null);
  const performance = await api.get<PerformanceResponse>(
    `/api/agents/${id}/performance`,
  );
  assert.equal(performance.trades, ids.length);
  const detail = await api.get<AgentDetail>(`/api/agents/${id}`);
  assert.ok(detail.history.some(({ to }) => to === "stopped"));
}

async function readTrades(
  api: TestApi,
  id: string,
): Promise<{ tradeId: string }[]> {
  const trades: { tradeId: string }[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `&cursor=${cursor}`;
    // deno-lint-ignore no-await-in-loop -- pages follow each other
    const page: { items: { tradeId: string }[]; nextCursor: string | null } =
      await api.get(
        `/api/agents/${id}/trades?limit=200${query}`,
      );
    trades.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return trades;
}
