import assert from "node:assert/strict";
import type { AgentRecord } from "../../../lib/contracts/agent.ts";
import type { AccountView } from "../../../lib/contracts/account.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import {
  type Lever,
  stopRequestSchema,
  type StopView,
} from "../../../lib/contracts/emergency.ts";
import type { OpenOrder } from "../../../lib/contracts/order.ts";
import { drillOf } from "../../../lib/fleet/emergency/drill.ts";
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

function drill(lever: Lever, given: object = {}) {
  const one = entry("agt_1");
  one.account = holding([order("entry"), order("stop"), order("target")]);
  const request = stopRequestSchema.parse({ lever, ...given });
  return drillOf(request, { entries: [one], expectedMs: 3 });
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

Deno.test("drillOf has no sum of what it does not know, nor of two currencies", () => {
  const request = stopRequestSchema.parse({ lever: "flatten" });
  const known = entry("agt_1");
  known.account = holding([]);
  const other = entry("agt_2");
  const unknown = drillOf(request, { entries: [known, other], expectedMs: 1 });
  assert.deepEqual(
    [unknown.totals.orders, unknown.totals.positions, unknown.totals.notional],
    [null, null, null],
  );
  other.account = holding([]);
  other.record = {
    ...other.record,
    config: { ...other.record.config, symbol: "ETH/BTC" as never },
  };
  const mixed = drillOf(request, { entries: [known, other], expectedMs: 1 });
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
    error: agentId === "a" ? "The disk is full" : null,
  });
  const progress = ["a", "b", "c", "d"].map(left);
  assert.equal(
    endSentence(stop({ progress, residue: progress }), (id) => `agent ${id}`),
    "The emergency stop of everything holds, but leaves a residue on 4 of 4 accounts: " +
      "agent a (The disk is full), agent b, agent c and 1 more",
  );
});
