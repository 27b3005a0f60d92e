import assert from "node:assert/strict";
import type { QuotaView } from "../../lib/contracts/quota.ts";
import type {
  AgentDetail,
  AgentView,
  ConfigResponse,
} from "../../lib/contracts/agent.ts";
import type { Problem } from "../../lib/contracts/problem.ts";
import { ApiFailure, setUp, type TestApi } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { startServer, type TestServer } from "../support/server.ts";

const FIXTURES = decodeURIComponent(
  new URL("../fixtures/", import.meta.url).pathname,
);

/** One server for all tests of this file; each leaves it without agents. */
let platform: { api: TestApi; server: TestServer; dataDir: string };

Deno.test.beforeAll(async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "smc-fleet-test-" });
  const server = await startServer({
    dataDir,
    candlesDir: FIXTURES,
    env: { SIMULATION_SPEED: "600", MAX_AGENTS_PER_USER: "2" },
  });
  platform = { server, dataDir, api: await setUp(server, dataDir) };
});

Deno.test.afterAll(async () => {
  await platform.server.stop();
  await Deno.remove(platform.dataDir, { recursive: true });
});

async function withPlatform(
  run: (api: TestApi, server: TestServer) => Promise<void>,
): Promise<void> {
  const { api, server } = platform;
  try {
    await run(api, server);
  } finally {
    const { items } = await api.get<{ items: AgentView[] }>("/api/agents");
    for (const { id } of items) {
      // deno-lint-ignore no-await-in-loop -- one after the other, as a person would
      await remove(api, id);
    }
  }
}

/** Deletes an agent and waits until its place is free. */
async function remove(api: TestApi, id: string): Promise<void> {
  await api.send("DELETE", `/api/agents/${id}`);
  await api.follow({
    after: 0,
    until: (events) =>
      events.some((event) =>
        event.type === "agent.removed" && event.data.id === id
      ),
  });
}

async function refused(call: Promise<unknown>): Promise<Problem> {
  const failure = await call.then(
    () => assert.fail("the call should have been refused"),
    (error) => error,
  );
  if (!(failure instanceof ApiFailure)) throw failure;
  const problem = JSON.parse(failure.body) as Problem;
  assert.equal(problem.status, failure.status);
  return problem;
}

async function spawn(api: TestApi, name: string): Promise<AgentView> {
  return await api.send<AgentView>("POST", "/api/agents/spawn", {
    config: agentConfig({ name }),
    acknowledgeWarnings: true,
  });
}

Deno.test("spawn refuses a taken name and one agent more than the quota", async () => {
  await withPlatform(async (api) => {
    await spawn(api, "one");
    assert.equal((await refused(spawn(api, "ONE"))).code, "AGENT_NAME_TAKEN");
    await spawn(api, "two");
    assert.equal(
      (await refused(spawn(api, "three"))).code,
      "QUOTA_EXCEEDED",
    );
    const { items: quotas } = await api.get<{ items: QuotaView[] }>(
      "/api/quotas",
    );
    const own = quotas.find(({ quota }) => quota === "agents")!;
    assert.deepEqual([own.used, own.limit], [2, 2]);
    const { items } = await api.get<{ items: AgentView[] }>("/api/agents");
    assert.deepEqual(items.map(({ name }) => name).sort(), ["one", "two"]);
  });
});

Deno.test("spawn wants warnings to be acknowledged and says which", async () => {
  await withPlatform(async (api) => {
    const config = agentConfig({ name: "risky" });
    const request = {
      config: { ...config, risk: { ...config.risk, leverage: 100 } },
    };
    const problem = await refused(
      api.send("POST", "/api/agents/spawn", request),
    );
    assert.equal(problem.code, "WARNINGS_UNREAD");
    assert.match(JSON.stringify(problem), /100×.*liquidates/);
    const spawned = await api.send<AgentView>("POST", "/api/agents/spawn", {
      ...request,
      acknowledgeWarnings: true,
    });
    assert.equal(spawned.name, "risky");
  });
});

Deno.test("control refuses what makes no sense and says why", async () => {
  await withPlatform(async (api) => {
    const { id } = await spawn(api, "steady");
    await api.waitForAgent(id, ({ observed }) => observed === "running");
    const problem = await refused(
      api.send("POST", `/api/agents/${id}/control`, { action: "start" }),
    );
    assert.equal(problem.code, "AGENT_STATE_CONFLICT");
    assert.match(problem.detail, /it is up already/);
  });
});

Deno.test("configuration change holds at the desk at once, and a stale one changes nothing", async () => {
  await withPlatform(async (api, server) => {
    const { id } = await spawn(api, "tuned");
    await api.waitForAgent(id, ({ observed }) => observed === "running");
    const { config } = await api.get<AgentDetail>(`/api/agents/${id}`);
    const put = async (version: number, maxDrawdownPct: number) =>
      await fetch(`${server.url}/api/agents/${id}/config`, {
        method: "PUT",
        headers: {
          authorization: `Bearer ${await api.token()}`,
          "content-type": "application/json",
          "if-match": `"${version}"`,
        },
        body: JSON.stringify({
          config: { ...config, risk: { ...config.risk, maxDrawdownPct } },
        }),
      });
    const changed = await put(1, 7);
    assert.equal(changed.status, 200);
    const answer = await changed.json() as ConfigResponse;
    assert.deepEqual([answer.configVersion, answer.effect], [2, "applied"]);
    const stale = await put(1, 9);
    assert.equal(stale.status, 412);
    assert.equal((await stale.json() as Problem).code, "CONFIG_STALE");
    const now = await api.get<AgentDetail>(`/api/agents/${id}`);
    assert.equal(now.config.risk.maxDrawdownPct, 7);
    assert.equal(now.configVersion, 2);
  });
});

Deno.test("kill latches an agent until it is started again, with a higher epoch", async () => {
  await withPlatform(async (api) => {
    const { id } = await spawn(api, "latched");
    await api.waitForAgent(id, ({ observed }) => observed === "running");
    await api.send("POST", `/api/agents/${id}/control`, {
      action: "kill",
      reason: "drill",
    });
    const killed = await api.waitForAgent(
      id,
      ({ observed }) => observed === "killed",
    );
    assert.deepEqual(killed.account?.openOrders, []);
    await api.send("POST", `/api/agents/${id}/control`, { action: "start" });
    const back = await api.waitForAgent(
      id,
      ({ observed, epoch }) => observed === "running" && epoch > killed.epoch,
    );
    assert.equal(back.desired, "running");
  });
});

Deno.test("delete stops an agent, forgets it, and keeps its logs", async () => {
  await withPlatform(async (api) => {
    const { id } = await spawn(api, "short-lived");
    await api.waitForAgent(id, ({ observed }) => observed === "running");
    await remove(api, id);
    assert.equal(
      (await refused(api.get(`/api/agents/${id}`))).code,
      "AGENT_NOT_FOUND",
    );
    const logs = await api.get<{ items: { message: string }[] }>(
      `/api/agents/logs?agentId=${id}`,
    );
    assert.ok(logs.items.some(({ message }) => /has stopped/.test(message)));
    // The name and the place are free again.
    await spawn(api, "short-lived");
  });
});

Deno.test("spawn refuses a replay whose candles have another timeframe, at the field to change", async () => {
  await withPlatform(async (api) => {
    const config = agentConfig({
      name: "mismatch",
      timeframe: "1m",
      feed: { kind: "replay", file: "simulated-btcusdt-15m.csv", speed: "max" },
    });
    const problem = await refused(
      api.send("POST", "/api/agents/spawn", { config }),
    );
    assert.equal(problem.code, "CONFIG_INVALID");
    assert.equal(problem.errors?.[0]?.pointer, "/config/timeframe");
    assert.match(
      problem.detail,
      /are 15m candles, which make no 1m candles; choose timeframe 15m/,
    );
  });
});

Deno.test("restart starts a new worker without a failed step, and a paused agent stays paused", async () => {
  await withPlatform(async (api) => {
    const { id } = await spawn(api, "renewed");
    await api.waitForAgent(id, ({ observed }) => observed === "running");
    await api.send("POST", `/api/agents/${id}/control`, { action: "restart" });
    await api.waitForAgent(
      id,
      ({ observed, epoch }) => observed === "running" && epoch === 2,
    );
    await api.send("POST", `/api/agents/${id}/control`, { action: "pause" });
    await api.waitForAgent(id, ({ observed }) => observed === "paused");
    await api.send("POST", `/api/agents/${id}/control`, { action: "restart" });
    await api.waitForAgent(
      id,
      ({ observed, epoch }) => observed === "paused" && epoch === 3,
    );
    const { items } = await api.get<
      { items: { category: string; message: string }[] }
    >(
      `/api/agents/${id}/logs?level=error,warning`,
    );
    // An order that was decided while the pause came is denied, as it should be.
    const isDenied = ({ category, message }: typeof items[number]) =>
      category === "risk" && message.includes("may not open positions now");
    assert.deepEqual(items.filter((item) => !isDenied(item)), []);
  });
});
