import assert from "node:assert/strict";
import { userActor } from "../../../lib/contracts/audit.ts";
import { createSimulatedClock } from "../../../actors/mod.ts";
import type { AgentRecord } from "../../../lib/contracts/agent.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import { recoverAgents } from "../../../lib/fleet/recovery.ts";
import {
  type AgentEntry,
  AgentRegistry,
  countTrades,
} from "../../../lib/fleet/registry.ts";
import { toView } from "../../../lib/fleet/view.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";
import {
  createStore,
  type OpenedStore,
} from "../../../lib/store/open_store.ts";
import { agentEntry } from "../../support/record.ts";
import { systemTime } from "../store/support.ts";

const TRADES = 1_203;

function trade(index: number): Trade {
  return {
    tradeId: `t${index}`,
    netPnl: index % 3 === 0 ? "-0.7" : "1.1",
  } as Trade;
}

const AUDIT = {
  at: 0,
  actor: userActor({ id: "usr_1", email: "owner@example.com" }),
  via: "api",
  action: "agent.spawn",
  target: "",
  outcome: "ok" as const,
  reason: "",
  detail: {},
};

async function withStore(
  run: (store: OpenedStore) => Promise<void>,
): Promise<void> {
  const store = await createStore(createMemoryDatabase().connect(), {
    time: systemTime,
  });
  try {
    await run(store);
  } finally {
    await store.close();
  }
}

/** Stores an agent with its trades; its view was stored when it had `viewedTrades` of them, or never. */
async function storeAgent(
  store: OpenedStore,
  { viewedTrades, stored }: { viewedTrades: number | null; stored: number },
): Promise<AgentRecord> {
  const entry = agentEntry({ name: "recovered" });
  const { record } = entry;
  await store.agents.save(record, { expected: null, audit: AUDIT });
  const trades = Array.from({ length: stored }, (_, index) => trade(index));
  for (let from = 0; from < stored; from += 100) {
    // deno-lint-ignore no-await-in-loop -- in order, as the desk reports them
    await store.events.append({
      projections: [{
        kind: "trades",
        agentId: record.id,
        fromIndex: from,
        value: trades.slice(from, from + 100),
      }],
    });
  }
  if (viewedTrades !== null) {
    countTrades(
      entry,
      Array.from({ length: viewedTrades }, (_, index) => trade(index)),
    );
    await store.events.append({
      projections: [{ kind: "view", value: toView(entry) }],
    });
  }
  return record;
}

/** Recovers; answers with the entry and how many trades were read for it. */
async function recover(
  store: OpenedStore,
  id: string,
): Promise<{ entry: AgentEntry; read: number }> {
  let read = 0;
  const { agents: real } = store;
  const agents: Partial<OpenedStore["agents"]> = {
    list: () => real.list(),
    observed: (agentId) => real.observed(agentId),
    view: (agentId) => real.view(agentId),
    equity: (agentId) => real.equity(agentId),
    tradeCount: (agentId) => real.tradeCount(agentId),
    trades: async (agentId, options) => {
      const page = await real.trades(agentId, options);
      read += page.items.length;
      return page;
    },
  };
  const registry = new AgentRegistry();
  await recoverAgents({
    store: { ...store, agents },
    agents: registry,
    cluster: null,
    clock: createSimulatedClock(),
  } as unknown as FleetContext);
  return { entry: registry.require(id), read };
}

function expectTotals(entry: AgentEntry, trades: number): void {
  const expected = agentEntry({ name: "expected" });
  countTrades(
    expected,
    Array.from({ length: trades }, (_, index) => trade(index)),
  );
  assert.equal(entry.tradesSeen, trades);
  assert.equal(entry.tradesStored, trades);
  assert.equal(entry.grossProfit.toFixed(), expected.grossProfit.toFixed());
  assert.equal(entry.grossLoss.toFixed(), expected.grossLoss.toFixed());
}

Deno.test("recoverAgents() reads only trades that the stored totals do not know", () =>
  withStore(async (store) => {
    const { id } = await storeAgent(store, {
      viewedTrades: TRADES - 2,
      stored: TRADES,
    });
    const { entry, read } = await recover(store, id);
    assert.equal(read, 2);
    expectTotals(entry, TRADES);
  }));

Deno.test("recoverAgents() counts all trades where no totals are stored", () =>
  withStore(async (store) => {
    const { id } = await storeAgent(store, {
      viewedTrades: null,
      stored: TRADES,
    });
    const { entry, read } = await recover(store, id);
    assert.equal(read, TRADES);
    expectTotals(entry, TRADES);
  }));

Deno.test("recoverAgents() does not believe totals of trades that the store has not", () =>
  withStore(async (store) => {
    const { id } = await storeAgent(store, { viewedTrades: 5, stored: 3 });
    const { entry } = await recover(store, id);
    expectTotals(entry, 3);
  }));
