import assert from "node:assert/strict";
import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../../actors/mod.ts";
import type { DeskReport } from "../../../lib/contracts/account.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import type { FleetContext } from "../../../lib/fleet/context.ts";
import { projectDeskReport } from "../../../lib/fleet/desk_reports.ts";
import { REPORT_RETRY_MS } from "../../../lib/fleet/limits.ts";
import { type AgentEntry, AgentRegistry } from "../../../lib/fleet/registry.ts";
import { type OpenedStore, openStore } from "../../../lib/store/open_store.ts";
import { systemClock } from "../../../actors/system_clock.ts";
import { agentEntry } from "../../support/record.ts";

interface World {
  context: FleetContext;
  clock: SimulatedClock;
  entry: AgentEntry;
  store: OpenedStore;
  /** Numbers of the reports that the desk was told are stored. */
  acknowledged: number[];
  /** How many of the next appends the store refuses. */
  refusals: number;
}

/** A real store whose appends can be refused, and a desk that only hears acknowledgements. */
async function withWorld(run: (world: World) => Promise<void>): Promise<void> {
  const store = await openStore({ path: ":memory:", time: systemClock });
  const clock = createSimulatedClock();
  const entry = agentEntry({ name: "reported" });
  const agents = new AgentRegistry();
  agents.add(entry);
  const world = {
    clock,
    entry,
    store,
    acknowledged: [] as number[],
    refusals: 0,
  };
  const events = {
    append: (batch: Parameters<OpenedStore["events"]["append"]>[0]) =>
      world.refusals-- > 0
        ? Promise.reject(new Error("the queue is full"))
        : store.events.append(batch),
  };
  const context = {
    clock,
    agents,
    store: { events },
    mirror: null,
    supervisor: {
      ask: (_id: string, query: { sequence: number }) => {
        world.acknowledged.push(query.sequence);
        return Promise.resolve(null);
      },
    },
    track: () => {},
    onError: () => {},
    isDraining: false,
  } as unknown as FleetContext;
  try {
    await run(Object.assign(world, { context }));
  } finally {
    await store.close();
  }
}

/** Report number `sequence` with one trade, the `sequence`-th of the account. */
function report(entry: AgentEntry, sequence: number): DeskReport {
  const trade = { tradeId: `t${sequence}`, netPnl: "1" } as Trade;
  return {
    kind: "desk",
    agentId: entry.record.id,
    sequence,
    account: { trades: sequence, seq: sequence } as DeskReport["account"],
    trades: [trade],
    equity: [],
  };
}

async function storedTrades({ store, entry }: World): Promise<string[]> {
  const page = await store.agents.trades(entry.record.id, {
    limit: 50,
    cursor: null,
  });
  return page.items.map(({ tradeId }) => tradeId).toReversed();
}

Deno.test("projectDeskReport() acknowledges a report only when the store has it", () =>
  withWorld(async (world) => {
    const { context, clock, entry } = world;
    world.refusals = 2;
    projectDeskReport(context, report(entry, 1));
    projectDeskReport(context, report(entry, 2));
    await clock.advance(REPORT_RETRY_MS - 1);
    assert.deepEqual(world.acknowledged, []);
    assert.deepEqual(await storedTrades(world), []);
    await clock.advance(1);
    assert.deepEqual(world.acknowledged, []);
    await clock.advance(REPORT_RETRY_MS);
    await entry.reportsStored;
    assert.deepEqual(world.acknowledged, [1, 2]);
    assert.deepEqual(await storedTrades(world), ["t1", "t2"]);
  }));

Deno.test("projectDeskReport() stores a repeated report once and acknowledges it again", () =>
  withWorld(async (world) => {
    const { context, entry } = world;
    projectDeskReport(context, report(entry, 1));
    projectDeskReport(context, report(entry, 1));
    projectDeskReport(context, report(entry, 2));
    await entry.reportsStored;
    assert.deepEqual(world.acknowledged, [1, 1, 2]);
    assert.deepEqual(await storedTrades(world), ["t1", "t2"]);
    const { events } = await world.store.events.after(0, 50);
    assert.equal(
      events.filter(({ type }) => type === "trade.closed").length,
      2,
    );
  }));

Deno.test("projectDeskReport() leaves a report to the next start when the server stops first", () =>
  withWorld(async (world) => {
    const { context, entry } = world;
    world.refusals = 1;
    context.isDraining = true;
    projectDeskReport(context, report(entry, 1));
    // The store would take this one, which would leave a hole.
    projectDeskReport(context, report(entry, 2));
    assert.equal(await entry.reportsStored, false);
    assert.deepEqual(world.acknowledged, []);
    assert.deepEqual(await storedTrades(world), []);
  }));
