import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import {
  BUDGET_LANES,
  type VenueError,
} from "../../../../lib/exchange/gateway/port.ts";
import { setup, take, WEIGHT } from "./budget_support.ts";

Deno.test("RateBudget keeps a fifth of a window for what reduces risk", () => {
  for (const lane of ["entry", "data"] as const) {
    const { budget } = setup({ windows: [WEIGHT] });
    assert.equal(budget.tryTake(lane, 80), true);
    assert.equal(budget.tryTake(lane, 1), false);
    assert.equal(budget.tryTake("exit", 5), true);
    assert.equal(budget.tryTake("protective", 5), true);
    assert.equal(budget.tryTake("cancel", 10), true);
    assert.equal(budget.tryTake("cancel", 1), false);
  }
});

Deno.test("RateBudget counts orders of the lanes that place some, at any cost", () => {
  const { budget } = setup();
  for (let order = 0; order < 8; order++) {
    assert.ok(budget.tryTake("entry", 1));
  }
  assert.equal(budget.tryTake("entry", 1), false);
  assert.equal(budget.tryTake("data", 1), true);
  assert.equal(budget.tryTake("cancel", 1), true);
  assert.equal(budget.tryTake("protective", 1), true);
  assert.equal(budget.tryTake("exit", 1), true);
  assert.equal(budget.tryTake("exit", 1), false);
});

Deno.test("RateBudget frees what was used when the window is over, not before", async () => {
  const { clock, budget } = setup();
  assert.ok(budget.tryTake("cancel", 100));
  await clock.advance(60_000);
  assert.equal(budget.tryTake("cancel", 1), false);
  await clock.advance(1_000);
  assert.equal(budget.tryTake("cancel", 100), true);
});

Deno.test("RateBudget lets waiters go by lane, then first come first served", async () => {
  const own = setup({ windows: [WEIGHT] });
  const log: string[] = [];
  assert.ok(own.budget.tryTake("cancel", 100));
  for (const round of [1, 2]) {
    for (const lane of BUDGET_LANES.toReversed()) {
      take(own, log, { lane, name: `${lane} ${round}` });
    }
  }
  await own.clock.advance(61_000);
  assert.deepEqual(
    log,
    BUDGET_LANES.flatMap((lane) => [`${lane} 1`, `${lane} 2`]),
  );
});

Deno.test("RateBudget.tryTake() does not overtake who waits in its lane or above", () => {
  const own = setup({ windows: [WEIGHT] });
  assert.ok(own.budget.tryTake("exit", 95));
  take(own, [], { lane: "exit", cost: 10, name: "large" });
  assert.equal(own.budget.tryTake("exit", 1), false);
  assert.equal(own.budget.tryTake("data", 0), false);
  assert.equal(own.budget.tryTake("protective", 1), true);
  own.budget.close();
});

Deno.test("RateBudget lets data pass entries that wait for the window of orders alone", async () => {
  const own = setup();
  const log: string[] = [];
  for (let order = 0; order < 8; order++) own.budget.tryTake("entry", 1);
  take(own, log, { lane: "entry", name: "entry" });
  take(own, log, { lane: "data", name: "data" });
  await own.clock.settle();
  assert.deepEqual(log, ["data"]);
  await own.clock.advance(10_200);
  assert.deepEqual(log, ["data", "entry"]);
});

Deno.test("RateBudget lets nothing go while the venue wants silence, to the millisecond", async () => {
  const own = setup();
  const log: string[] = [];
  own.budget.retryAfter(7_000, "429");
  own.budget.retryAfter(3_000, "a shorter one does not shorten it");
  assert.equal(own.budget.silentUntilMs, 1_800_000_007_000);
  assert.equal(own.budget.silenceReason, "429");
  assert.equal(own.budget.freeShare, 0);
  take(own, log, { lane: "cancel", name: "cancel" });
  await own.clock.advance(6_999);
  assert.deepEqual(log, []);
  assert.equal(own.budget.tryTake("cancel", 1), false);
  await own.clock.advance(1);
  assert.deepEqual(log, ["cancel"]);
  assert.equal(own.budget.silentUntilMs, null);
  assert.equal(own.budget.silenceReason, null);
});

Deno.test("RateBudget keeps silent for as long as asked when the wall clock jumps", async () => {
  const { clock, budget } = setup();
  budget.retryAfter(5_000, "429");
  clock.jumpWall(3_600_000);
  await clock.advance(4_999);
  assert.equal(budget.tryTake("cancel", 1), false);
  await clock.advance(1);
  assert.equal(budget.tryTake("cancel", 1), true);
});

Deno.test("RateBudget doubles the silence of bans whose length is not told, up to three days", () => {
  const { clock, budget } = setup();
  const silences: number[] = [];
  for (let ban = 0; ban < 13; ban++) {
    budget.banned(null, "418");
    silences.push(budget.silentUntilMs! - clock.nowMs());
  }
  assert.deepEqual(silences.slice(0, 3), [120_000, 240_000, 480_000]);
  assert.equal(silences.at(-1), 259_200_000);
});

Deno.test("RateBudget is silent after a restart for what the venue had asked before", async () => {
  const first = setup();
  first.budget.banned(60_000, "418");
  await first.clock.advance(10_000);
  const memory = first.budget.memory();
  assert.equal(memory.bans, 1);
  const clock = createSimulatedClock({ startMs: first.clock.nowMs() });
  const { budget } = setup({ clock, memory });
  await clock.advance(49_999);
  assert.equal(budget.tryTake("cancel", 1), false);
  await clock.advance(1);
  assert.equal(budget.tryTake("cancel", 1), true);
});

Deno.test("RateBudget halves entries and data for a day after a ban, and nothing else", async () => {
  const { clock, budget } = setup({ windows: [WEIGHT] });
  budget.banned(1_000, "418");
  await clock.advance(1_000);
  assert.equal(budget.tryTake("entry", 41), false);
  assert.equal(budget.tryTake("entry", 40), true);
  assert.equal(budget.tryTake("exit", 60), true);
  await clock.advance(86_400_000);
  assert.equal(budget.tryTake("entry", 80), true);
});

Deno.test("RateBudget.observe() takes over what others use of the same address", () => {
  const { budget } = setup();
  budget.tryTake("data", 10);
  budget.observe("weight", 30);
  assert.equal(budget.freeShare, 0.7);
  budget.observe("weight", 5);
  budget.observe("weight", Number.NaN);
  budget.observe("no such window", 99);
  assert.equal(budget.freeShare, 0.7);
});

Deno.test("RateBudget.take() refuses what no empty budget has room for, in one sentence", async () => {
  const { budget } = setup();
  await assert.rejects(
    budget.take("data", 81),
    (error: VenueError) =>
      error.kind === "rate_limited" &&
      error.message ===
        "The rate budget of test.swap refused a request of lane data: a cost of 81 is more than it ever has",
  );
});

Deno.test("RateBudget.take() refuses at the deadline and lets go who came behind", async () => {
  const own = setup({ windows: [WEIGHT] });
  const log: string[] = [];
  own.budget.tryTake("exit", 95);
  take(own, log, { lane: "exit", cost: 10, name: "large", waitMs: 5_000 });
  take(own, log, { lane: "exit", cost: 5, name: "small" });
  await own.clock.advance(4_999);
  assert.deepEqual(log, []);
  await own.clock.advance(1);
  assert.deepEqual(log, ["large: rate_limited", "small"]);
  assert.equal(own.budget.stats().exit.refused, 1);
});

Deno.test("RateBudget with 500 waiters refuses the newest of the least lane below, else the newcomer", async () => {
  const own = setup({ windows: [WEIGHT] });
  const log: string[] = [];
  own.budget.tryTake("cancel", 100);
  for (let index = 0; index < 500; index++) {
    take(own, log, { lane: "data", name: `data ${index}` });
  }
  take(own, log, { lane: "data", name: "newcomer" });
  take(own, log, { lane: "cancel", name: "cancel" });
  await own.clock.settle();
  assert.deepEqual(log.toSorted(), [
    "data 499: rate_limited",
    "newcomer: rate_limited",
  ]);
  assert.equal(own.budget.stats().data.waiting, 499);
  assert.equal(own.budget.stats().cancel.waiting, 1);
  own.budget.close();
});

Deno.test("RateBudget.stats() tells how long a starved lane has waited", async () => {
  const own = setup({ windows: [WEIGHT] });
  own.budget.tryTake("cancel", 100);
  take(own, [], { lane: "data", name: "data" });
  await own.clock.advance(20_000);
  assert.deepEqual(own.budget.stats().data, {
    waiting: 1,
    oldestMs: 20_000,
    refused: 0,
  });
  own.budget.close();
});

Deno.test("RateBudget.close() refuses all that wait and all that comes", async () => {
  const own = setup({ windows: [WEIGHT] });
  const log: string[] = [];
  own.budget.tryTake("cancel", 100);
  take(own, log, { lane: "data", name: "waits" });
  own.budget.close();
  take(own, log, { lane: "data", name: "comes" });
  await own.clock.settle();
  assert.deepEqual(log, ["waits: rate_limited", "comes: rate_limited"]);
  assert.equal(own.budget.tryTake("cancel", 1), false);
  assert.equal(own.clock.pending, 0);
});
