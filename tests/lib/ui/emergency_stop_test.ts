import assert from "node:assert/strict";
import type {
  DrillAgent,
  DrillResponse,
  Lever,
  StopProgress,
  StopView,
} from "../../../lib/contracts/emergency.ts";
import { ApiUnreachable } from "../../../lib/ui/client/api_client.ts";
import {
  factsOfAgents,
  factsOfDrills,
} from "../../../lib/ui/emergency/stop_facts.ts";
import {
  isPlainClick,
  isStopKey,
} from "../../../lib/ui/emergency/stop_keys.ts";
import {
  StopSession,
  type StopSessionOptions,
} from "../../../lib/ui/emergency/stop_session.ts";
import { isOver, stopSteps } from "../../../lib/ui/emergency/stop_steps.ts";
import { latch } from "../desk/emergency_world.ts";
import { account, agent } from "./fixtures.ts";

const row = (change: Partial<StopProgress> = {}): StopProgress => ({
  agentId: "a",
  state: "working",
  blockedAt: 1,
  ordersLeft: 0,
  positionLeft: "0",
  orders: [],
  error: null,
  ...change,
});

const view = (change: Partial<StopView> = {}): StopView => ({
  ...latch({ lever: "flatten" }),
  isWorking: true,
  progress: [row()],
  residue: [],
  ...change,
});

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

function drillOf(lever: Lever, orders: number): DrillResponse {
  const one: DrillAgent = {
    agentId: "a",
    name: "a",
    symbol: "BTC/USDT",
    simulated: true,
    orders: [],
    position: {
      size: "-1",
      markPrice: "5",
      notional: "5",
      slippage: null,
      fee: null,
    },
    losesProtection: false,
    note: null,
  };
  return {
    lever,
    scope: { kind: "all" },
    agents: [one],
    totals: {
      agents: 1,
      agentsStopped: 1,
      orders,
      positions: 1,
      notional: "5",
      slippage: null,
    },
    expectedMs: null,
  };
}

/** A session whose server answers as told, and whose timers run when asked to. */
function createSession(answers: (Error | StopView)[]) {
  const keys: string[] = [];
  const due: (() => void)[] = [];
  let made = 0;
  const states = [view(), view({ isWorking: false })];
  const api: StopSessionOptions["api"] = {
    drill: (lever) =>
      Promise.resolve(drillOf(lever, lever === "cancel" ? 1 : 3)),
    newKey: () => `key-${++made}`,
    stopTrading(_request, key) {
      keys.push(key);
      const answer = answers.shift()!;
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve({ stop: answer, isLatched: true, detail: "Latched" });
    },
    emergency: () =>
      Promise.resolve({
        latches: [states.shift()!],
        released: [],
        fileProblem: null,
        isDeskUp: true,
      }),
    listAgents: () =>
      Promise.resolve({
        items: [agent({ observed: states.length > 0 ? "running" : "stopped" })],
        nextCursor: null,
      }),
  };
  const session = new StopSession({
    api,
    schedule(_ms, run) {
      due.push(run);
      return () => void due.splice(due.indexOf(run), 1);
    },
  });
  return { session, keys, due };
}

/** Lets everything that waits for answers go on. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

Deno.test("StopSession sends the same stop again while no answer comes, then follows it to its end", async () => {
  const { session, keys, due } = createSession([
    new ApiUnreachable("no answer"),
    view(),
  ]);
  await session.count();
  assert.deepEqual(session.facts.value, {
    agents: 1,
    entries: 1,
    orders: 3,
    positions: 1,
    exposure: [
      { mode: "paper", currency: "USDT", amount: "5", positions: 1 },
    ],
  });
  await session.stop({ lever: "flatten", reason: "" });
  assert.equal(session.phase.value, "sending");
  assert.ok(session.isTryingAgain.value);
  for (let turns = 0; due.length > 0 && turns < 10; turns++) {
    due.shift()!();
    // deno-lint-ignore no-await-in-loop -- one turn after the other
    await settled();
  }
  assert.deepEqual(keys, ["key-1", "key-1"]);
  assert.equal(session.phase.value, "stopped");
  assert.equal(session.failure.value, null);
  assert.deepEqual(
    session.steps.value.map(({ state, text }) => [state, text]),
    [["done", "1 of 1"], ["done", "3 of 3"], ["done", "1 of 1"], [
      "done",
      "1 of 1",
    ]],
  );
});

Deno.test("StopSession keeps a refused stop as a question, and sends nothing once it is closed", async () => {
  const { session, due } = createSession([
    new Error("not allowed"),
    new ApiUnreachable("no answer"),
  ]);
  await session.stop({ lever: "cancel", reason: "" });
  assert.deepEqual([session.phase.value, session.failure.value], [
    "asking",
    "not allowed",
  ]);
  await session.stop({ lever: "cancel", reason: "" });
  assert.equal(due.length, 1);
  session.close();
  assert.equal(due.length, 0);
});

Deno.test("factsOfDrills takes entries of the one that withdraws and orders of the one that closes", () => {
  const facts = factsOfDrills({
    cancel: drillOf("cancel", 2),
    flatten: drillOf("flatten", 7),
  });
  assert.deepEqual([facts.entries, facts.orders], [2, 7]);
});
