import assert from "node:assert/strict";
import {
  factsOfAgents,
  factsOfDrills,
} from "../../../lib/ui/emergency/stop_facts.ts";
import {
  isPlainClick,
  isStopKey,
} from "../../../lib/ui/emergency/stop_keys.ts";
import { isOver, stopSteps } from "../../../lib/ui/emergency/stop_steps.ts";
import { account, agent } from "./fixtures.ts";
import { drillOf, row, view } from "./stop_support.ts";

const held = (quantity: string, markPrice: string | null) => ({
  direction: "long" as const,
  quantity,
  entryPrice: "1",
  entryAt: 0,
  markPrice,
  unrealizedPnl: null,
  stopPrice: null,
  targetPrice: null,
  strategy: "",
});

Deno.test("factsOfAgents adds exposure by currency and mode, exactly, and leaves out who has no account", () => {
  const facts = factsOfAgents([
    agent({ account: account({ position: held("0.1", "0.2") }) }),
    agent({ account: account({ position: held("0.2", "0.1") }) }),
    agent({
      symbol: "BTC/EUR",
      mode: "live",
      account: account({ position: held("1", null) }),
    }),
    agent({ type: "risk_manager", account: null }),
    agent({ desired: "stopped", account: null }),
  ]);
  assert.deepEqual(facts, {
    agents: 3,
    entries: 0,
    orders: 0,
    positions: 3,
    exposure: [
      { mode: "live", currency: "EUR", amount: null, positions: 1 },
      { mode: "paper", currency: "USDT", amount: "0.04", positions: 2 },
    ],
  });
  const { orders, positions } = factsOfAgents([agent({ account: null })]);
  assert.deepEqual([orders, positions], [null, null]);
});

Deno.test("stopSteps counts what is done of what was there, and says what is left over", () => {
  const progress = [
    row({ ordersLeft: 1 }),
    row({ blockedAt: null, positionLeft: "2" }),
  ];
  const before = {
    orders: 5,
    positions: 2,
    agents: { stopped: 1, of: 2 },
  };
  const steps = stopSteps(view({ progress }), before);
  assert.deepEqual(
    steps.map(({ name, state, text }) => [name, state, text]),
    [
      ["Accounts halted", "working", "1 of 2"],
      ["Orders withdrawn", "working", "4 of 5"],
      ["Positions closed", "working", "1 of 2"],
      ["Agents stopped", "working", "1 of 2"],
    ],
  );
  const ended = stopSteps(view({ progress, isWorking: false }));
  assert.deepEqual(ended.map(({ state, text }) => [state, text]), [
    ["left", "1 of 2"],
    ["left", "1 left"],
    ["left", "1 left"],
  ]);
  assert.ok(isOver(ended) && !isOver(steps));
  const blocked = stopSteps(view({ lever: "block", isWorking: false }));
  assert.deepEqual(blocked.map(({ state }) => state), ["done"]);
  const unknown = stopSteps(view({ progress: [row({ ordersLeft: null })] }));
  assert.equal(unknown[1]!.text, "not heard of yet");
});

Deno.test("isStopKey takes Ctrl+Shift+. of any layout, and nothing else", () => {
  const keys = {
    code: "Period",
    key: ">",
    ctrlKey: true,
    shiftKey: true,
    metaKey: false,
    altKey: false,
    repeat: false,
  };
  assert.ok(isStopKey(keys));
  assert.ok(isStopKey({ ...keys, code: "KeyV", key: "." }));
  for (
    const off of [{ ctrlKey: false }, { shiftKey: false }, { repeat: true }]
  ) {
    assert.ok(!isStopKey({ ...keys, ...off }));
  }
  assert.ok(!isStopKey({ ...keys, code: "Comma", key: "<" }));
  const click = {
    button: 0,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    defaultPrevented: false,
  };
  assert.ok(isPlainClick(click));
  assert.ok(!isPlainClick({ ...click, metaKey: true }));
});

Deno.test("factsOfDrills takes entries of the one that withdraws and orders of the one that closes", () => {
  const facts = factsOfDrills({
    cancel: drillOf("cancel", 2),
    flatten: drillOf("flatten", 7),
  });
  assert.deepEqual([facts.entries, facts.orders], [2, 7]);
});
