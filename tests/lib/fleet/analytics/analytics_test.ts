import assert from "node:assert/strict";
import { systemClock } from "../../../../actors/system_clock.ts";
import { analyticsQuerySchema } from "../../../../lib/contracts/analytics.ts";
import { analyticsSchema } from "../../../../lib/contracts/answers/analytics.ts";
import type { Trade } from "../../../../lib/contracts/order.ts";
import { AppError } from "../../../../lib/core/errors.ts";
import { analyticsCsv } from "../../../../lib/api/analytics_csv.ts";
import { createAnalytics } from "../../../../lib/fleet/analytics/analytics.ts";
import type { FleetContext } from "../../../../lib/fleet/context.ts";
import { AgentRegistry } from "../../../../lib/fleet/registry.ts";
import {
  type OpenedStore,
  openStore,
} from "../../../../lib/store/open_store.ts";
import { agentEntry } from "../../../support/record.ts";
import { trade } from "./support.ts";

interface World {
  store: OpenedStore;
  /** Adds an agent with its trades; gives its id. */
  add(
    config: Parameters<typeof agentEntry>[0],
    trades: readonly Trade[],
  ): Promise<string>;
  append(
    agentId: string,
    fromIndex: number,
    trades: readonly Trade[],
  ): Promise<void>;
  ask(query?: Record<string, string>): ReturnType<
    ReturnType<typeof createAnalytics>
  >;
  agents: AgentRegistry;
  context: FleetContext;
}

async function withWorld(run: (world: World) => Promise<void>): Promise<void> {
  const store = await openStore({ path: ":memory:", time: systemClock });
  const agents = new AgentRegistry();
  const context = {
    store,
    agents,
    clock: systemClock,
  } as unknown as FleetContext;
  const analytics = createAnalytics(context);
  const append: World["append"] = async (agentId, fromIndex, value) => {
    await store.events.append({
      projections: [{ kind: "trades", agentId, fromIndex, value }],
    });
  };
  try {
    await run({
      store,
      agents,
      context,
      append,
      async add(config, trades) {
        const entry = agentEntry(config);
        const id = `agt_${config.name}`;
        entry.record = { ...entry.record, id };
        agents.add(entry);
        await append(entry.record.id, 0, trades);
        return entry.record.id;
      },
      ask: (query = {}) => analytics(analyticsQuerySchema.parse(query)),
    });
  } finally {
    await store.close();
  }
}

Deno.test("createAnalytics adds up the agents of one mode and one currency", () =>
  withWorld(async ({ add, ask }) => {
    await add({ name: "one" }, [trade(), trade({ netPnl: "-4" })]);
    await add({ name: "two", symbol: "ETH/USDT" }, [trade()]);
    await add({ name: "euro", symbol: "BTC/EUR" }, [trade()]);
    const answer = analyticsSchema.parse(await ask());
    assert.equal(answer.currency, "USDT");
    assert.equal(answer.total.trades, 3);
    assert.equal(answer.total.netPnl, "16");
    assert.deepEqual(answer.currencies, [
      { currency: "USDT", trades: 3 },
      { currency: "EUR", trades: 1 },
    ]);
    const symbols = answer.breakdowns.find(({ by }) => by === "symbol")!;
    assert.deepEqual(
      symbols.groups.map(({ key, trades }) => [key, trades]),
      [["BTC/USDT", 2], ["ETH/USDT", 1]],
    );
    assert.equal((await ask({ currency: "EUR" })).total.netPnl, "10");
    assert.equal((await ask({ mode: "live" })).currency, null);
  }));

Deno.test("createAnalytics takes in trades that come later, once each", () =>
  withWorld(async ({ add, append, ask }) => {
    const many = Array.from({ length: 1_200 }, () => trade());
    const id = await add({ name: "one" }, many);
    assert.equal((await ask()).total.trades, 1_200);
    await append(id, 1_200, [trade({ netPnl: "-3" }), trade()]);
    const answer = await ask();
    assert.equal(answer.total.trades, 1_202);
    assert.equal(answer.total.netPnl, "12007");
    const both = await Promise.all([ask(), ask({ from: "2026-01-05" })]);
    assert.deepEqual(both.map(({ total }) => total.trades), [1_202, 1_202]);
  }));

Deno.test("createAnalytics takes days and hours from the time zone", () =>
  withWorld(async ({ add, ask }) => {
    // Closed at 23:30 UTC on the 5th, which is the 6th in Berlin.
    await add({ name: "late" }, [
      trade({
        entryAt: Date.parse("2026-01-05T23:10:00Z"),
        exitAt: Date.parse("2026-01-05T23:30:00Z"),
      }),
    ]);
    const berlin = { timeZone: "Europe/Berlin" };
    const count = async (query: Record<string, string>) =>
      (await ask(query)).total.trades;
    assert.equal(await count({ to: "2026-01-05" }), 1);
    assert.equal(await count({ to: "2026-01-05", ...berlin }), 0);
    assert.equal(await count({ from: "2026-01-06", ...berlin }), 1);
    const groupsOf = async (by: string, query: Record<string, string>) =>
      (await ask(query)).breakdowns.find((each) => each.by === by)!.groups
        .map(({ key }) => key);
    assert.deepEqual(await groupsOf("hour", {}), ["23"]);
    assert.deepEqual(await groupsOf("hour", berlin), ["0"]);
    assert.deepEqual(await groupsOf("weekday", berlin), ["1"]);
  }));

Deno.test("createAnalytics refuses an unknown agent and finds a team by its id", () =>
  withWorld(async ({ add, ask, agents }) => {
    const id = await add({ name: "one" }, [trade()]);
    await add({ name: "two" }, [trade()]);
    assert.equal((await ask({ agents: id })).total.trades, 1);
    agents.require(id).record = {
      ...agents.require(id).record,
      team: { id: "team_1", name: "t", role: "r", size: 2 },
    };
    assert.deepEqual(
      (await ask({ agents: "team_1" })).agents.map((agent) => agent.id),
      [id],
    );
    await assert.rejects(
      () => ask({ agents: "agt_none" }),
      (error) => error instanceof AppError && error.code === "AGENT_NOT_FOUND",
    );
  }));

Deno.test("createAnalytics names an agent that cannot be read and shows the others", () =>
  withWorld(async ({ add, context }) => {
    await add({ name: "one" }, [trade()]);
    const broken = await add({ name: "broken" }, [trade()]);
    const { agents } = context.store;
    const store = {
      trades: agents.trades.bind(agents),
      tradeCount: (id: string) =>
        id === broken
          ? Promise.reject(
            new AppError("STORE_UNAVAILABLE", "The store is away"),
          )
          : agents.tradeCount(id),
    };
    const answer = await createAnalytics(
      { ...context, store: { agents: store } } as unknown as FleetContext,
    )(analyticsQuerySchema.parse({}));
    assert.equal(answer.total.trades, 1);
    assert.deepEqual(answer.missing, [
      { id: broken, name: "broken", detail: "The store is away" },
    ]);
  }));

Deno.test("analyticsCsv has the total and every group, and runs no text as a formula", () =>
  withWorld(async ({ add, ask }) => {
    await add({ name: "one" }, [trade({ strategy: "=1+1", netPnl: "-5" })]);
    const lines = analyticsCsv(await ask()).split("\r\n");
    assert.match(lines[0]!, /^mode,currency,by,group,trades,/);
    assert.match(
      lines[1]!,
      /^paper,USDT,total,,1,0,0,.*,-5,0\.2,0,1\.5,3600000,true$/,
    );
    assert.ok(
      lines.some((line) => line.startsWith("paper,USDT,strategy,'=1+1,")),
    );
    assert.ok(
      lines.some((line) => line.startsWith("paper,USDT,trend,unknown,")),
    );
  }));
