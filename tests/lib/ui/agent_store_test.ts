import { deepEqual, equal } from "node:assert/strict";
import type { AgentDetail } from "../../../lib/contracts/agent.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import { AgentStore } from "../../../lib/ui/agent/agent_store.ts";
import {
  type ApiPage,
  createApiClient,
} from "../../../lib/ui/client/api_client.ts";
import { sampleConfig, viewOf } from "../api/samples.ts";
import { chart } from "./chart_fixtures.ts";

const NOW = Date.UTC(2026, 0, 2, 12);

/** What is asked for, and when and how it is answered. */
type Answer = (path: string) => Promise<unknown>;

function storeOf(
  answer: Answer,
  start: { agent: AgentDetail; trades?: ApiPage<Trade> },
): AgentStore {
  const api = createApiClient({
    fetch: async (path) => Response.json(await answer(path)),
  });
  return new AgentStore({
    agent: start.agent,
    chart: null,
    chartFailure: null,
    performance: null,
    trades: start.trades ?? null,
    resources: null,
  }, api);
}

/** An agent with a version of the configuration, told a while after the first. */
function detailOf(
  { version, swing, at }: { version: number; swing: number; at: number },
): AgentDetail {
  const config = sampleConfig();
  return {
    ...viewOf("agt_1", {
      ...config,
      detector: { ...config.detector, swingLength: swing },
    }, { now: NOW }),
    configVersion: version,
    updatedAt: NOW + at,
  };
}

/** The agent as the stream tells of it. */
function viewAt(version: number, at: number) {
  const { config: _, history: __, listensTo: ___, ...view } = detailOf({
    version,
    swing: 5,
    at,
  });
  return view;
}

/** Until the signal holds what is waited for. */
async function when(
  store: AgentStore,
  holds: (agent: AgentDetail) => boolean,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = store.agent.subscribe((agent) => holds(agent) && resolve());
  await promise;
  end();
}

Deno.test("AgentStore shows a configuration under its own version only, and asks for the newer one until it is there", async () => {
  const answers: PromiseWithResolvers<AgentDetail>[] = [];
  const store = storeOf((path) => {
    if (!path.endsWith("/agt_1")) return Promise.reject(new Error("none"));
    const answer = Promise.withResolvers<AgentDetail>();
    answers.push(answer);
    return answer.promise;
  }, { agent: detailOf({ version: 7, swing: 5, at: 0 }) });
  const shown = () => {
    const { config, configVersion } = store.agent.value;
    return [configVersion, config.detector.swingLength];
  };
  store.putView(viewAt(8, 1));
  deepEqual(shown(), [7, 5]);
  // The server does not answer: the request of the view has ended before this one has.
  const again = store.refreshDetail();
  for (const answer of answers) answer.reject(new Error("no answer"));
  await again;
  deepEqual(shown(), [7, 5]);
  store.putView(viewAt(8, 2));
  equal(answers.length, 3);
  // One request at a time is enough.
  store.putView(viewAt(8, 4));
  equal(answers.length, 3);
  answers[2]!.resolve(detailOf({ version: 8, swing: 9, at: 3 }));
  await when(store, ({ configVersion }) => configVersion === 8);
  deepEqual(shown(), [8, 9]);
  // A view has overtaken its figures.
  equal(store.agent.value.updatedAt, NOW + 4);
  store.putView(viewAt(8, 5));
  equal(answers.length, 3);
});

Deno.test("AgentStore.refreshAll() takes no figures and no configuration that are older than what came meanwhile", async () => {
  const answer = Promise.withResolvers<AgentDetail>();
  const store = storeOf(
    (path) =>
      path.endsWith("/agt_1")
        ? answer.promise
        : Promise.reject(new Error("none")),
    { agent: detailOf({ version: 7, swing: 5, at: 0 }) },
  );
  const all = store.refreshAll();
  store.putView(viewAt(7, 3));
  answer.resolve(detailOf({ version: 8, swing: 9, at: 2 }));
  await all;
  const { config, configVersion, updatedAt } = store.agent.value;
  deepEqual([configVersion, config.detector.swingLength, updatedAt], [
    8,
    9,
    NOW + 3,
  ]);
});

Deno.test("AgentStore forgets what a newer view leaves out", () => {
  const store = storeOf(() => Promise.reject(new Error("none")), {
    agent: {
      ...detailOf({ version: 7, swing: 5, at: 0 }),
      hostProblem: "No host has it",
    },
  });
  store.putView(viewAt(7, 1));
  equal(store.agent.value.hostProblem, undefined);
});

Deno.test("AgentStore.showCandle() asks for the candle of a decision that the chart does not have yet", async () => {
  const asked: string[] = [];
  const store = storeOf((path) => {
    asked.push(path);
    return Promise.resolve(chart([4, 5, 6]));
  }, { agent: detailOf({ version: 7, swing: 5, at: 0 }) });
  store.chart.value = chart([3, 4]);
  await store.showCandle(3);
  deepEqual(asked, []);
  await store.showCandle(6);
  equal(asked.length, 1);
  deepEqual(store.shownCandle.value, { seq: 6 });
  equal(store.chart.value?.candles.at(-1)?.seq, 6);
});

/** Trades by number, newest first. */
function trades(newest: number, oldest: number): Trade[] {
  return Array.from(
    { length: newest - oldest + 1 },
    (_, index) => ({ tradeId: `t${newest - index}` }) as Trade,
  );
}

/** A server with trades 1 to `newest`, in pages of three. */
class Trades {
  newest = 8;
  /** Runs before a page after the first is answered. */
  beforeOlder = (): Promise<void> => Promise.resolve();

  answer: Answer = async (path) => {
    if (!path.includes("/trades")) return {};
    const cursor = new URLSearchParams(path.split("?")[1]).get("cursor");
    if (cursor !== null) await this.beforeOlder();
    return this.page(cursor === null ? this.newest : Number(cursor) - 1);
  };

  page(newest: number): ApiPage<Trade> {
    const oldest = Math.max(1, newest - 2);
    return {
      items: trades(newest, oldest),
      nextCursor: oldest === 1 ? null : String(oldest),
    };
  }
}

function shownTrades(store: AgentStore): string[] {
  return store.trades.value?.items.map(({ tradeId }) => tradeId) ?? [];
}

Deno.test("AgentStore keeps older trades that were gone on to when newer ones come, and the place to go on from", async () => {
  const server = new Trades();
  const store = storeOf(server.answer, {
    agent: detailOf({ version: 7, swing: 5, at: 0 }),
    trades: server.page(8),
  });
  await store.loadOlderTrades();
  deepEqual(shownTrades(store), ["t8", "t7", "t6", "t5", "t4", "t3"]);
  server.newest = 9;
  await store.refreshTrades();
  deepEqual(shownTrades(store), ["t9", "t8", "t7", "t6", "t5", "t4", "t3"]);
  await store.loadOlderTrades();
  deepEqual(shownTrades(store).slice(-2), ["t2", "t1"]);
  equal(store.trades.value?.nextCursor, null);
});

Deno.test("AgentStore.loadOlderTrades() loses no trade that comes while it reads, and repeats none", async () => {
  const server = new Trades();
  const store = storeOf(server.answer, {
    agent: detailOf({ version: 7, swing: 5, at: 0 }),
    trades: server.page(8),
  });
  server.beforeOlder = async () => {
    server.newest = 9;
    await store.refreshTrades();
  };
  await store.loadOlderTrades();
  deepEqual(shownTrades(store), ["t9", "t8", "t7", "t6", "t5", "t4", "t3"]);
});

Deno.test("AgentStore shows the newest trades alone where they do not join what was known", async () => {
  const server = new Trades();
  const store = storeOf(server.answer, {
    agent: detailOf({ version: 7, swing: 5, at: 0 }),
    trades: server.page(8),
  });
  await store.loadOlderTrades();
  server.newest = 20;
  await store.refreshTrades();
  deepEqual(shownTrades(store), ["t20", "t19", "t18"]);
});
