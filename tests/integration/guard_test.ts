import assert from "node:assert/strict";
import type { AgentDetail, AgentView } from "../../lib/contracts/agent.ts";
import type { RiskResponse } from "../../lib/contracts/guard.ts";
import {
  logIn,
  setUp,
  type StreamedEvent,
  type TestApi,
} from "../support/api.ts";
import { guardConfig, tirelessConfig } from "../support/config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { enrolFactor } from "../support/live.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";

/** A candle of a minute every 20 ms. */
const ENV = { SIMULATION_SPEED: "3000" };
const SENTENCE = /Risk manager "warden": The (gross exposure|drawdown) is /;

/** Halts at the first position and closes it. */
const LATCH = {
  measure: "gross_exposure_pct",
  action: "halted",
  latched: true,
  flatten: true,
} as const;

async function spawn(api: TestApi, config: unknown): Promise<string> {
  const { id } = await api.send<AgentView>("POST", "/api/agents/spawn", {
    config,
    acknowledgeWarnings: true,
  });
  return id;
}

/** Two agents on two markets, and the one that guards them. */
async function spawnAll(
  api: TestApi,
  rule: Parameters<typeof guardConfig>[1],
): Promise<{ guard: string; agents: readonly string[] }> {
  const guard = await spawn(api, guardConfig("warden", rule));
  const agents = [
    await spawn(api, { ...tirelessConfig("first") }),
    await spawn(api, { ...tirelessConfig("second"), symbol: "ETH/USDT" }),
  ];
  return { guard, agents };
}

const isHeld = ({ account }: AgentView) =>
  SENTENCE.test(account?.tradingStateReason ?? "");
const isActive = ({ account }: AgentView) => account?.tradingState === "active";
const isHalted = (agent: AgentView) =>
  agent.account?.tradingState === "halted" && isHeld(agent);

/** Whether, with this event, all accounts are halted. */
function isAll(
  agents: readonly string[],
): (event: StreamedEvent) => boolean {
  const halted = new Set<string>();
  return ({ data }) => {
    if (data !== undefined && agents.includes(data.id) && isHalted(data)) {
      halted.add(data.id);
    }
    return halted.size === agents.length;
  };
}

/** None of the accounts was ever told of as active. */
function assertNeverLooser(
  events: readonly StreamedEvent[],
  agents: readonly string[],
): void {
  for (const { type, data } of events) {
    if (type !== "agent.updated" || !agents.includes(data.id)) continue;
    assert.notEqual(data.account?.tradingState, "active", data.name);
  }
}

/** Raises the limit of the one rule beyond anything that is measured. */
async function loosen(
  url: string,
  { api, view }: { api: TestApi; view: AgentDetail },
): Promise<void> {
  const { rules, ...guard } = view.config.guard!;
  const wide = { warning: 6_000, limit: 7_000, release: 5_000 };
  const drawdown_pct = { ...rules.drawdown_pct, ...wide };
  const gross_exposure_pct = { ...rules.gross_exposure_pct, ...wide };
  const answer = await fetch(`${url}/api/agents/${view.id}/config`, {
    method: "PUT",
    headers: {
      "authorization": `Bearer ${await api.token()}`,
      "content-type": "application/json",
      "if-match": `"${view.configVersion}"`,
    },
    body: JSON.stringify({
      config: {
        ...view.config,
        guard: {
          ...guard,
          rules: { ...rules, drawdown_pct, gross_exposure_pct },
        },
      },
    }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

Deno.test("risk manager reduces the accounts it guards, says why, and lets go when its measure is back", async () => {
  await withTempDir(async (dataDir) => {
    const server = await serveInProcess({ dataDir, env: ENV });
    try {
      const api = await setUp(server, dataDir);
      const { guard, agents } = await spawnAll(api, {
        measure: "drawdown_pct",
        action: "reducing",
        latched: false,
      });
      for (const id of agents) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        const { account } = await api.waitForAgent(id, isHeld);
        assert.equal(account?.tradingState, "reducing");
      }
      const view = await api.get<AgentDetail>(`/api/agents/${guard}`);
      assert.equal(view.account, null);
      assert.equal(view.observed, "running");
      const { risk, guarded } = await api.get<RiskResponse>(
        `/api/agents/${guard}/risk`,
      );
      assert.deepEqual(guarded.map(({ agentId }) => agentId), agents);
      assert.deepEqual(risk?.accounts.map(({ agentId }) => agentId), agents);
      await loosen(server.url, { api, view });
      await enrolFactor((method, path, body) => api.send(method, path, body));
      await Promise.all(agents.map((id) => api.waitForAgent(id, isActive)));
      // Stopped, it lets go of all that it has not latched.
      await api.send("POST", `/api/agents/${guard}/control`, {
        action: "stop",
      });
      await api.waitForAgent(guard, ({ observed }) => observed === "stopped");
      await Promise.all(agents.map((id) => api.waitForAgent(id, isActive)));
      await api.send("DELETE", `/api/agents/${guard}`);
    } finally {
      await server.stop();
    }
  });
});

Deno.test("risk manager's latched halt outlives its own death and that of the desk, and ends when a person releases it", async () => {
  await withTempDir(async (dataDir) => {
    const server = await serveInProcess({ dataDir, env: ENV });
    try {
      const api = await setUp(server, dataDir);
      const { guard, agents } = await spawnAll(api, LATCH);
      for (const id of agents) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        const { account } = await api.waitForAgent(id, isHalted);
        assert.equal(account?.position, null);
      }
      const { risk } = await api.get<RiskResponse>(`/api/agents/${guard}/risk`);
      assert.deepEqual(risk?.latched, ["gross_exposure_pct"]);
      const before = await api.get<AgentView>(`/api/agents/${guard}`);
      server.hosts.agent[0]!.terminate();
      await api.waitForAgent(
        guard,
        ({ observed, epoch }) => observed === "running" && epoch > before.epoch,
      );
      for (const host of server.hosts.desk) host.terminate();
      const isLost = ({ type, data }: StreamedEvent) =>
        type === "agent.updated" && data.observed === "reconciling";
      const seen = await api.follow({
        after: 0,
        topics: "agent:update",
        until: (events) => {
          const lost = events.findLastIndex(isLost);
          return lost !== -1 &&
            agents.every((id) =>
              events.slice(lost).some(({ data }) =>
                data?.id === id && data.observed === "running"
              )
            );
        },
      });
      assertNeverLooser(seen.slice(seen.findIndex(isAll(agents))), agents);
      for (const id of agents) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        await api.waitForAgent(
          id,
          (agent) => agent.observed === "running" && isHalted(agent),
        );
      }
      // Else it would latch again with the next position.
      const view = await api.get<AgentDetail>(`/api/agents/${guard}`);
      await loosen(server.url, { api, view });
      await enrolFactor((method, path, body) => api.send(method, path, body));
      assert(isHalted(await api.get<AgentView>(`/api/agents/${agents[0]}`)));
      await api.send("POST", `/api/agents/${guard}/control`, {
        action: "rearm",
        reason: "Looked at it",
      });
      await Promise.all(agents.map((id) => api.waitForAgent(id, isActive)));
    } finally {
      await server.stop();
    }
  });
});

Deno.test("risk manager's latched halt outlives a host that is killed, and a person releases it for one agent alone", async () => {
  await withTempDir(async (dataDir) => {
    let server = await startServer({ dataDir, env: ENV });
    try {
      let api = await setUp(server, dataDir);
      const { guard, agents } = await spawnAll(api, LATCH);
      await Promise.all(agents.map((id) => api.waitForAgent(id, isHalted)));
      const { port } = server;
      await server.kill();
      server = await startServer({ dataDir, env: ENV, port });
      api = await logIn(server);
      for (const id of agents) {
        // deno-lint-ignore no-await-in-loop -- one after the other
        const back = await api.waitForAgent(
          id,
          ({ observed, account }) =>
            observed === "running" && (account?.seq ?? -1) > 0,
        );
        assert(isHalted(back), JSON.stringify(back.account));
      }
      const view = await api.get<AgentDetail>(`/api/agents/${guard}`);
      await loosen(server.url, { api, view });
      await enrolFactor((method, path, body) => api.send(method, path, body));
      const [first, second] = agents;
      await api.send("POST", `/api/agents/${first}/control`, {
        action: "rearm",
        reason: "Looked at it",
      });
      await api.waitForAgent(first!, isActive);
      const other = await api.get<AgentView>(`/api/agents/${second}`);
      assert(isHalted(other));
    } finally {
      await server.stop();
    }
  });
});
