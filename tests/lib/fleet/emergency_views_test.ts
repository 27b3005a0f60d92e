import assert from "node:assert/strict";
import type { AgentRecord } from "../../../lib/contracts/agent.ts";
import type { AccountView } from "../../../lib/contracts/account.ts";
import {
  type AgentConfig,
  agentConfigSchema,
} from "../../../lib/contracts/agent_config.ts";
import {
  type EmergencyDeskState,
  type Lever,
  stopRequestSchema,
  type StopView,
} from "../../../lib/contracts/emergency.ts";
import type { StopMeasures } from "../../../lib/contracts/emergency_desk.ts";
import type { OpenOrder } from "../../../lib/contracts/order.ts";
import { drillOf } from "../../../lib/fleet/emergency/drill.ts";
import { mergeStates } from "../../../lib/fleet/emergency/merge_states.ts";
import { withUnopened } from "../../../lib/fleet/emergency/unopened.ts";
import { endSentence } from "../../../lib/fleet/emergency/words.ts";
import { agentConfig } from "../../support/config.ts";
import { latch } from "../desk/emergency_world.ts";

function entry(id: string, change: { symbol?: string; desired?: string } = {}) {
  const { symbol = "BTC/USDT", desired = "running" } = change;
  const config = agentConfigSchema.parse(agentConfig({ name: id, symbol }));
  const record = { id, config, desired } as unknown as AgentRecord;
  return { record, isOpen: true, account: null as AccountView | null };
}

function order(role: OpenOrder["role"]): OpenOrder {
  return {
    orderId: role,
    intentId: "0.0",
    role,
    side: "buy",
    type: "limit",
    price: "90",
    quantity: "2",
    reduceOnly: role !== "entry",
    placedSeq: 0,
    expireAfterSeq: null,
  };
}

/** A long of two units at a mark of 100. */
function holding(orders: readonly OpenOrder[]): AccountView {
  return {
    openOrders: orders,
    position: { direction: "long", quantity: "2", markPrice: "100" },
  } as unknown as AccountView;
}

function drill(
  lever: Lever,
  given: object = {},
  { measures = [], feed }: {
    measures?: StopMeasures["accounts"];
    feed?: AgentConfig["feed"];
  } = {},
) {
  const one = entry("agt_1");
  if (feed !== undefined) {
    one.record = { ...one.record, config: { ...one.record.config, feed } };
  }
  one.account = holding([order("entry"), order("stop"), order("target")]);
  const request = stopRequestSchema.parse({ lever, ...given });
  return drillOf(request, { entries: [one], deskMs: 3, measures });
}

Deno.test("drillOf says what each lever withdraws and closes", () => {
  const counts = (given: ReturnType<typeof drill>) => [
    given.totals.orders,
    given.totals.positions,
    given.totals.agentsStopped,
  ];
  assert.deepEqual(counts(drill("block")), [0, 0, 0]);
  assert.deepEqual(counts(drill("cancel")), [1, 0, 0]);
  assert.deepEqual(counts(drill("cancel", { withdrawAll: true })), [3, 0, 0]);
  assert.deepEqual(counts(drill("flatten")), [3, 1, 1]);
  assert.equal(
    drill("cancel", { withdrawAll: true }).agents[0]!.losesProtection,
    true,
  );
});

Deno.test("drillOf has size, value and what slippage costs by the agent's own costs", () => {
  const { position } = drill("flatten").agents[0]!;
  assert.equal(position?.size, "2");
  assert.equal(Number(position?.notional), 200);
  // 2 bp of 200.
  assert.equal(Number(position?.slippage), 0.04);
});

Deno.test("drillOf adds half of the spread and the venue's round trips where they are known", () => {
  const feed = {
    kind: "exchange",
    exchange: "binance",
    market: "swap",
  } as AgentConfig["feed"];
  const measure = {
    agentId: "agt_1",
    halfSpreadBp: 3,
    roundTripMs: 80.5,
    breakers: [],
    rateBudget: { freeShare: 1, silentUntilMs: null },
    sent: { orders: 0, requests: 0 },
    rules: null,
  };
  const known = drill("flatten", {}, { feed, measures: [measure] });
  // 2 + 3 bp of 200.
  assert.equal(Number(known.agents[0]!.position?.slippage), 0.1);
  assert.equal(known.expectedMs, 3 + 161);
  const cancel = drill("cancel", {}, { feed, measures: [measure] });
  assert.equal(cancel.expectedMs, 3 + 81);
  const unknown = drill("flatten", {}, { feed });
  assert.equal(unknown.agents[0]!.position?.slippage, null);
  assert.equal(unknown.totals.slippage, null);
  assert.equal(unknown.expectedMs, null);
  assert.match(unknown.agents[0]!.note!, /slippage is not known/);
  assert.equal(drill("block", {}, { feed }).expectedMs, 3);
});

Deno.test("mergeStates has a stop in force while one desk holds it, with the accounts of all", () => {
  const progress = (agentId: string) => ({
    agentId,
    state: "residue" as const,
    blockedAt: 1,
    ordersLeft: 1,
    positionLeft: "0",
    orders: [],
    error: null,
  });
  const told = (change: Partial<StopView>): EmergencyDeskState => ({
    latches: [stop(change)],
    released: [],
    fileProblem: null,
  });
  const one = told({ progress: [progress("a")], endedAt: 5, isAudited: true });
  const two = told({
    progress: [progress("b")],
    residue: [progress("b")],
    isWorking: true,
  });
  const [merged] = mergeStates([one, two]).latches;
  assert.deepEqual(merged!.progress.map(({ agentId }) => agentId), ["a", "b"]);
  assert.equal(merged!.residue.length, 1);
  assert.deepEqual(
    [merged!.isWorking, merged!.endedAt, merged!.isAudited],
    [true, null, true],
  );
  const release = { by: latch().by, reason: "over", at: 9 };
  const released: EmergencyDeskState = {
    latches: [],
    released: [{ ...latch(), release }],
    fileProblem: "The disk is full",
  };
  assert.equal(mergeStates([one, released]).latches.length, 1);
  assert.equal(mergeStates([one, released]).released.length, 0);
  assert.equal(mergeStates([one, released]).fileProblem, "The disk is full");
  assert.equal(mergeStates([released, released]).released.length, 1);
});

Deno.test("drillOf has no sum of what it does not know, nor of two currencies", () => {
  const request = stopRequestSchema.parse({ lever: "flatten" });
  const known = entry("agt_1");
  known.account = holding([]);
  const other = entry("agt_2");
  const unknown = drillOf(request, {
    entries: [known, other],
    deskMs: 1,
    measures: [],
  });
  assert.deepEqual(
    [unknown.totals.orders, unknown.totals.positions, unknown.totals.notional],
    [null, null, null],
  );
  other.account = holding([]);
  other.record = {
    ...other.record,
    config: { ...other.record.config, symbol: "ETH/BTC" as never },
  };
  const mixed = drillOf(request, {
    entries: [known, other],
    deskMs: 1,
    measures: [],
  });
  assert.equal(mixed.totals.positions, 2);
  assert.equal(mixed.totals.notional, null);
});

function stop(change: Partial<StopView> = {}): StopView {
  return {
    ...latch(),
    isWorking: false,
    progress: [],
    residue: [],
    ...change,
  };
}

Deno.test("withUnopened adds agents that the desk has told nothing of, as a residue once the lever has ended", () => {
  const entries = [entry("agt_1"), { ...entry("agt_2"), isOpen: false }];
  const states = (change: Partial<StopView>) =>
    withUnopened(stop(change), entries).progress.map((
      { agentId, state, positionLeft },
    ) => [agentId, state, positionLeft]);
  assert.deepEqual(states({ lever: "flatten" }), [["agt_1", "residue", null]]);
  assert.deepEqual(states({ lever: "flatten", isWorking: true }), [
    ["agt_1", "working", null],
  ]);
  const known = {
    agentId: "agt_1",
    state: "done",
    blockedAt: 1,
    ordersLeft: 0,
    positionLeft: "0",
    orders: [],
    error: null,
  } as const;
  assert.deepEqual(states({ progress: [known] }), [["agt_1", "done", "0"]]);
});

Deno.test("endSentence names what is left over and counts the rest", () => {
  const left = (agentId: string) => ({
    agentId,
    state: "residue" as const,
    blockedAt: 1,
    ordersLeft: 1,
    positionLeft: "0",
    orders: ["x0001"],
    error: agentId === "a" ? "The disk is full" : null,
  });
  const progress = ["a", "b", "c", "d"].map(left);
  assert.equal(
    endSentence(stop({ progress, residue: progress }), (id) => `agent ${id}`),
    "The emergency stop of everything holds, but leaves a residue on 4 of 4 accounts: " +
      "agent a (orders x0001; The disk is full), agent b (orders x0001), agent c (orders x0001) and 1 more",
  );
});
