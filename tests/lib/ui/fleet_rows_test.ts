import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  ALL_COLUMNS,
  cellCount,
  moveColumn,
  readColumns,
  toggleColumn,
} from "../../../lib/ui/fleet/columns.ts";
import {
  type FleetAgent,
  openOrderCount,
  packFleet,
  unpackFleet,
} from "../../../lib/ui/fleet/fleet_agent.ts";
import { fleetHref, readFleetPlace } from "../../../lib/ui/fleet/fleet_href.ts";
import { RowOrder } from "../../../lib/ui/fleet/row_order.ts";
import {
  loadColumns,
  loadViews,
  removeView,
  saveColumns,
  SAVED_VIEWS_MAX,
  saveView,
} from "../../../lib/ui/fleet/saved_views.ts";
import { sortAgents } from "../../../lib/ui/fleet/sorting.ts";
import { FleetStore } from "../../../lib/ui/fleet/store.ts";
import { TableState } from "../../../lib/ui/fleet/table_state.ts";
import { account, agent } from "./fixtures.ts";

/** An agent of one of a few ids, with few values, so that they meet. */
const change = fc.record({
  id: fc.constantFrom("a", "b", "c", "d", "e", "f"),
  trades: fc.option(fc.integer({ min: 0, max: 3 })),
  isShown: fc.boolean(),
  isGone: fc.boolean(),
});

Deno.test("RowOrder is after any changes what sorting and filtering all anew gives", () => {
  fc.assert(
    fc.property(fc.array(change), fc.boolean(), (changes, descending) => {
      const sort = { key: "trades", descending } as const;
      const passes = ({ mode }: FleetAgent) => mode === "paper";
      const order = new RowOrder([], { sort, passes });
      const agents = new Map<string, FleetAgent>();
      for (const { id, trades, isShown, isGone } of changes) {
        const next = agent({
          id,
          name: id,
          mode: isShown ? "paper" : "live",
          account: trades === null ? null : account({ trades }),
        });
        if (isGone) agents.delete(id);
        else agents.set(id, next);
        order.update(id, agents.get(id));
        deepEqual(
          order.ids,
          sortAgents([...agents.values()].filter(passes), sort)
            .map((one) => one.id),
        );
      }
    }),
  );
});

Deno.test("packFleet() and unpackFleet() keep all but the orders, of which the number stays", () => {
  const order = {
    orderId: "o",
    intentId: "i",
    role: "entry",
    side: "buy",
    type: "limit",
    price: "1",
    quantity: "1",
    reduceOnly: false,
    placedSeq: 1,
    expireAfterSeq: null,
  } as const;
  const agents = [
    agent({
      id: "a",
      account: account({ openOrders: [order, order] }),
      equity: [{ seq: 1, at: 1, equity: "1.5" }, {
        seq: 2,
        at: 2,
        equity: "1.6",
      }],
      team: { id: "team_1", name: "one", role: "head", size: 2 },
    }),
    agent({ id: "b", account: null }),
  ];
  const limits = {
    a: { configVersion: 3, maxDrawdownPct: 7.5, dailyLossLimit: "100.25" },
  };
  const found = unpackFleet(packFleet(agents, limits));
  deepEqual(found.limits, limits);
  const [first, second] = found.agents;
  equal(openOrderCount(first!.account!), 2);
  deepEqual(first!.equity.map(({ equity }) => equity), ["1.5", "1.6"]);
  deepEqual(first!.team, agents[0]!.team);
  deepEqual({ ...second, equity: [] }, { ...agents[1], equity: [] });
});

Deno.test("packFleet() sends 500 agents with 10,000 orders in less than 600 kB", () => {
  const points = Array.from(
    { length: 48 },
    (_, seq) => ({ seq, at: seq, equity: (10_000 + seq * 7.77).toFixed(2) }),
  );
  const agents = Array.from(
    { length: 500 },
    (_, index) => agent({ id: `agt_${index}`, equity: points }),
  );
  ok(packFleet(agents, {}).length < 600_000);
});

Deno.test("FleetStore takes what the stream brings in with the next frame, the newest view of each", () => {
  const frames: (() => void)[] = [];
  const later: (() => void)[] = [];
  const store = new FleetStore([agent({ id: "a", updatedAt: 1 })], {}, {
    frame: (run) => void frames.push(run),
    later: (_ms, run) => void later.push(run),
  });
  const table = new TableState(store, "");
  const event = (id: string, updatedAt: number) =>
    store.apply({
      v: 1,
      seq: updatedAt,
      topic: "agent:update",
      type: "agent.updated",
      at: "",
      data: agent({ id, name: `${id}${updatedAt}`, updatedAt }),
    });
  event("a", 2);
  event("a", 3);
  event("b", 4);
  equal(store.find("a")!.value.updatedAt, 1);
  equal(frames.length, 1);
  frames.pop()!();
  equal(store.find("a")!.value.updatedAt, 3);
  // A new agent is there at once, whatever waits.
  deepEqual(table.rowIds, ["a", "b"]);
  event("a", 5);
  frames.pop()!();
  equal(store.find("a")!.value.updatedAt, 5);
  while (later.length > 0) later.pop()!();
  deepEqual(table.rowIds, ["a", "b"]);
});

Deno.test("TableState moves along shown rows and selects a range of them, drawn or not", () => {
  const names = Array.from({ length: 300 }, (_, index) => `a${index + 100}`);
  const store = new FleetStore(
    names.map((name) => agent({ id: name, name })),
    {},
  );
  const table = new TableState(store, "");
  equal(table.activeId.value, "a100");
  equal(table.neighbour(1), "a101");
  equal(table.neighbour(Infinity), "a399");
  table.toggleSelected("a101");
  table.selectRange("a390");
  equal(table.selectedAgents.length, 290);
  table.active.value = "a399";
  equal(table.neighbour(1), "a399");
  table.filterText.value = "a10";
  equal(table.activeId.value, "a100");
  table.clearSelection();
  table.toggleAll();
  equal(table.selectedAgents.length, 10);
});

Deno.test("columns can be hidden, shown at their place, and moved one place", () => {
  const without = toggleColumn(ALL_COLUMNS, "mode");
  ok(!without.includes("mode"));
  deepEqual(toggleColumn(without, "mode"), ALL_COLUMNS);
  deepEqual(moveColumn(["type", "mode"], "mode", -1), ["mode", "type"]);
  deepEqual(moveColumn(["type", "mode"], "mode", 1), ["type", "mode"]);
  deepEqual(readColumns(["mode", "nothing", "mode", 3]), ["mode"]);
  equal(readColumns("mode"), null);
  equal(cellCount(ALL_COLUMNS), ALL_COLUMNS.length + 4);
});

function storage(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

Deno.test("saved views come back, replace their name, and are bounded", () => {
  const kept = storage();
  const view = (name: string, filter = "") => ({
    name,
    filter,
    sort: { key: "equity", descending: true } as const,
    columns: ["mode"] as const,
  });
  equal(saveView(kept, view("")), "Give the view a name");
  equal(saveView(kept, view("one")), null);
  equal(saveView(kept, view("one", "mode:live")), null);
  deepEqual(loadViews(kept), [view("one", "mode:live")]);
  for (let index = 1; index < SAVED_VIEWS_MAX; index++) {
    equal(saveView(kept, view(`v${index}`)), null);
  }
  ok(saveView(kept, view("more"))?.startsWith("At most"));
  removeView(kept, "one");
  equal(loadViews(kept).length, SAVED_VIEWS_MAX - 1);
  saveColumns(kept, ["equity"]);
  deepEqual(loadColumns(kept), ["equity"]);
});

Deno.test("saved views survive a storage that refuses or holds something else", () => {
  const broken = {
    getItem: () => {
      throw new Error("switched off");
    },
    setItem: () => {
      throw new Error("switched off");
    },
  };
  deepEqual(loadViews(broken), []);
  equal(loadColumns(broken), null);
  ok(
    saveView(broken, {
      name: "a",
      filter: "",
      sort: { key: "name", descending: false },
      columns: [],
    })?.startsWith("This browser"),
  );
  const odd = { ...broken, getItem: () => '[{"name":1}, null, "x"]' };
  deepEqual(loadViews(odd), []);
});

Deno.test("the address says filter, order and page, and wrong ones are as at first", () => {
  const place = {
    filter: "state:running",
    sort: { key: "equity", descending: true },
    page: 3,
  } as const;
  const href = fleetHref(place);
  deepEqual(
    readFleetPlace(new URL(href, "http://fleet").searchParams),
    place,
  );
  equal(
    fleetHref({ filter: "", sort: { key: "name", descending: false } }),
    "/",
  );
  deepEqual(readFleetPlace(new URLSearchParams("sort=toString&page=-1")), {
    filter: "",
    sort: { key: "name", descending: false },
    page: 1,
  });
});
