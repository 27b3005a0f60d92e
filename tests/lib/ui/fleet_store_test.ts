import { deepEqual, equal, ok } from "node:assert/strict";
import { mainAction, whyNot } from "../../../lib/ui/fleet/actions.ts";
import {
  slowestP99,
  totalsByCurrency,
  worstDrawdown,
} from "../../../lib/ui/fleet/kpis.ts";
import { sortAgents } from "../../../lib/ui/fleet/sorting.ts";
import { FleetStore } from "../../../lib/ui/fleet/store.ts";
import { TableState } from "../../../lib/ui/fleet/table_state.ts";
import { LogBuffer, MAX_LINES } from "../../../lib/ui/logs/log_buffer.ts";
import { pendingWord } from "../../../lib/ui/StateChip.tsx";
import { account, agent, logLine } from "./fixtures.ts";

Deno.test("FleetStore ignores an older view and forgets removed agents", () => {
  const store = new FleetStore([agent({ id: "a", updatedAt: 5 })], {});
  store.put(agent({ id: "a", updatedAt: 4, name: "older" }));
  equal(store.find("a")?.value.name, "agent");
  store.put(agent({ id: "b", name: "b" }));
  deepEqual(store.ids.value, ["a", "b"]);
  store.replaceAll([agent({ id: "b", name: "b" })]);
  deepEqual(store.ids.value, ["b"]);
});

Deno.test("TableState shows what the filter lets through, in order, and selects only that", () => {
  const store = new FleetStore([
    agent({ id: "a", name: "beta" }),
    agent({ id: "b", name: "alpha" }),
    agent({ id: "c", name: "gamma", symbol: "ETH/USDT" }),
  ], {});
  const table = new TableState(store, "symbol:BTC");
  deepEqual(table.shownIds, ["b", "a"]);
  table.toggleAll();
  deepEqual(table.selectedAgents.map(({ id }) => id), ["a", "b"]);
  table.sortBy("name");
  deepEqual(table.shownIds, ["a", "b"]);
});

Deno.test("sortAgents() puts unknown values last in both directions", () => {
  const agents = [
    agent({ id: "a", name: "a", account: null }),
    agent({ id: "b", name: "b", account: account({ trades: 9 }) }),
    agent({ id: "c", name: "c", account: account({ trades: 3 }) }),
  ];
  const order = (descending: boolean) =>
    sortAgents(agents, { key: "trades", descending }).map(({ id }) => id);
  deepEqual(order(false), ["c", "b", "a"]);
  deepEqual(order(true), ["b", "c", "a"]);
});

Deno.test("totalsByCurrency() never adds different currencies and says how much is known", () => {
  const totals = totalsByCurrency([
    agent({ id: "a", account: account({ equity: "0.1" }) }),
    agent({ id: "b", account: account({ equity: "0.2" }) }),
    agent({ id: "c", account: null }),
    agent({
      id: "d",
      symbol: "EUR/USD",
      account: account({ equity: null, dayPnl: null }),
    }),
  ]);
  deepEqual(
    totals.map((
      { unit, equity, known, agents },
    ) => [unit, equity, known, agents]),
    [
      ["USDT", "0.3", 2, 3],
      ["USD", null, 0, 1],
    ],
  );
});

Deno.test("totalsByCurrency() leaves out agents that only report, unless they have traded", () => {
  const totals = totalsByCurrency([
    agent({ id: "a", account: account({ equity: "100" }) }),
    agent({
      id: "b",
      signalsOnly: true,
      account: account({ equity: "500", trades: 0, position: null }),
    }),
    agent({
      id: "c",
      signalsOnly: true,
      account: account({ equity: "7", trades: 2, position: null }),
    }),
    agent({ id: "d", signalsOnly: true, account: null }),
  ]);
  deepEqual(totals.map(({ equity, agents }) => [equity, agents]), [["107", 2]]);
});

Deno.test("worstDrawdown() and slowestP99() are unknown while nobody knows", () => {
  equal(worstDrawdown([agent({ account: null })], () => 10), null);
  equal(slowestP99([agent()]), null);
  const near = worstDrawdown([
    agent({ id: "a", name: "a", account: account({ drawdownPct: 4 }) }),
    agent({ id: "b", name: "b", account: account({ drawdownPct: 3 }) }),
  ], (id) => id === "a" ? 40 : 5);
  equal(near?.name, "b");
});

Deno.test("whyNot() gives a reason for every command that makes no sense now", () => {
  const running = agent();
  equal(whyNot(running, "pause", { id: "usr_1", role: "admin" }), null);
  equal(
    whyNot(running, "start", { id: "usr_1", role: "admin" }),
    "Already started",
  );
  equal(
    whyNot(running, "pause", { id: "usr_1", role: "viewer" }),
    "Needs role operator",
  );
  equal(
    whyNot(running, "kill", { id: "usr_1", role: "trader" }),
    "Needs role risk",
  );
  const stopped = agent({ desired: "stopped", observed: "stopped" });
  equal(whyNot(stopped, "start", { id: "usr_1", role: "operator" }), null);
  equal(
    whyNot(stopped, "stop", { id: "usr_1", role: "operator" }),
    "Already stopped",
  );
  equal(mainAction(stopped), "start");
  equal(mainAction(agent({ desired: "paused", observed: "paused" })), "resume");
});

Deno.test("pendingWord() tells a wish that has not come true, never its outcome", () => {
  equal(pendingWord(agent()), null);
  equal(pendingWord(agent({ desired: "stopped" })), "Stopping…");
  equal(pendingWord(agent({ desired: "stopped", observed: "stopped" })), null);
  equal(
    pendingWord(agent({ desired: "running", observed: "paused" })),
    "Resuming…",
  );
});

Deno.test("LogBuffer keeps each line once, in order, and at most so many", () => {
  const buffer = new LogBuffer();
  buffer.add([logLine(3), logLine(4)]);
  equal(buffer.add([logLine(1), logLine(3)]), 1);
  deepEqual(buffer.lines.map(({ seq }) => seq), [1, 3, 4]);
  buffer.add(
    Array.from({ length: MAX_LINES }, (_, index) => logLine(index + 5)),
  );
  equal(buffer.lines.length, MAX_LINES);
  equal(buffer.isTrimmed, true);
  ok(buffer.lines.at(-1)!.seq === MAX_LINES + 4);
});
