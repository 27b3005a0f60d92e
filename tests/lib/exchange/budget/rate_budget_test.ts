import assert from "node:assert/strict";
import fc from "fast-check";
import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../../../actors/simulated_clock.ts";
import {
  createRateBudget,
  type VenueRateBudget,
} from "../../../../lib/exchange/budget/rate_budget.ts";
import type { WindowLimit } from "../../../../lib/exchange/budget/slot_window.ts";
import {
  BUDGET_LANES,
  type BudgetLane,
  VenueError,
} from "../../../../lib/exchange/gateway/port.ts";

const WEIGHT: WindowLimit = {
  name: "weight",
  windowMs: 60_000,
  limit: 100,
  counts: "weight",
};
const ORDERS: WindowLimit = {
  name: "orders",
  windowMs: 10_000,
  limit: 10,
  counts: "orders",
};

interface Setup {
  clock: SimulatedClock;
  budget: VenueRateBudget;
}

function setup(
  change: Partial<Parameters<typeof createRateBudget>[0]> = {},
): Setup {
  const clock = createSimulatedClock({ startMs: 1_800_000_000_000 });
  const budget = createRateBudget({
    clock,
    venue: "test.swap",
    windows: [WEIGHT, ORDERS],
    ...change,
  });
  return { clock, budget };
}

/** Takes and notes in `log` what came of it. */
function take(
  { budget }: Setup,
  log: string[],
  options: { lane: BudgetLane; cost?: number; name: string; waitMs?: number },
): void {
  const { lane, cost = 1, name, waitMs = 600_000 } = options;
  budget.take(lane, cost, { deadlineMs: waitMs }).then(
    () => log.push(name),
    (error: VenueError) => log.push(`${name}: ${error.kind}`),
  );
}

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

type Step =
  | { do: "take"; lane: BudgetLane; cost: number; waitMs: number }
  | { do: "try"; lane: BudgetLane; cost: number }
  | { do: "silence"; ms: number }
  | { do: "advance"; ms: number };

const lane = fc.constantFrom(...BUDGET_LANES);
const cost = fc.integer({ min: 1, max: 40 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("take" as const),
      lane,
      cost,
      waitMs: fc.integer({ min: 1, max: 200_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("try" as const), lane, cost }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("silence" as const),
      ms: fc.integer({ min: 1, max: 90_000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("advance" as const),
      ms: fc.integer({ min: 1, max: 20_000 }),
    }),
  },
);

interface Grant {
  at: number;
  lane: BudgetLane;
  cost: number;
  order: number;
}

/** Runs steps and returns what was let go, with the periods of silence and how every wait ended. */
async function run(steps: readonly Step[]) {
  const clock = createSimulatedClock();
  const budget = createRateBudget({
    clock,
    venue: "test.swap",
    windows: [WEIGHT, ORDERS],
  });
  const grants: Grant[] = [];
  const silences: { from: number; until: number }[] = [];
  let begun = 0;
  let settled = 0;
  for (const [order, one] of steps.entries()) {
    if (one.do === "try") {
      if (budget.tryTake(one.lane, one.cost)) {
        grants.push({ at: clock.monotonicMs(), ...one, order });
      }
    } else if (one.do === "take") {
      begun++;
      const until = clock.monotonicMs() + one.waitMs;
      budget.take(one.lane, one.cost, { deadlineMs: one.waitMs }).then(() => {
        grants.push({ at: clock.monotonicMs(), ...one, order });
      }, (error) => {
        assert.ok(error instanceof VenueError);
      }).finally(() => {
        settled++;
        assert.ok(clock.monotonicMs() <= until, "a wait beyond its deadline");
      });
    } else if (one.do === "silence") {
      const from = clock.monotonicMs();
      budget.retryAfter(one.ms, "429");
      silences.push({ from, until: from + one.ms });
    } else {
      // deno-lint-ignore no-await-in-loop -- the steps follow each other
      await clock.advance(one.ms);
    }
    // deno-lint-ignore no-await-in-loop -- what was let go at once is noted before the next step
    await clock.settle();
  }
  await clock.advance(400_000);
  assert.equal(settled, begun, "every wait ends");
  assert.equal(clock.pending, 0, "no timer is left");
  return { grants, silences };
}

Deno.test("RateBudget never exceeds a window, breaks a silence or loses a waiter, whatever is asked", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { grants, silences } = await run(steps);
      for (const { at } of grants) {
        for (const { from, until } of silences) {
          // What was let go at the very moment before the silence began is no fault.
          assert.ok(at <= from || at >= until, `let go at ${at}`);
        }
        const within = (window: WindowLimit) =>
          grants.filter((other) =>
            other.at <= at && other.at > at - window.windowMs
          );
        const sum = (of: readonly Grant[]) =>
          of.reduce((total, grant) => total + grant.cost, 0);
        assert.ok(sum(within(WEIGHT)) <= WEIGHT.limit);
        const orders = within(ORDERS).filter((grant) =>
          grant.lane !== "cancel" && grant.lane !== "data"
        );
        assert.ok(orders.length <= ORDERS.limit);
      }
      for (const grant of grants) {
        if (grant.lane !== "entry" && grant.lane !== "data") continue;
        const before = grants.slice(0, grants.indexOf(grant) + 1).filter((
          other,
        ) => other.at > grant.at - WEIGHT.windowMs);
        const total = before.reduce((all, other) => all + other.cost, 0);
        assert.ok(total <= WEIGHT.limit * 0.8, "the reserve was touched");
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("RateBudget lets go in the order of lanes, and first come first served within one", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(lane, { minLength: 1, maxLength: 60 }),
      async (lanes) => {
        const own = setup({ windows: [WEIGHT] });
        const log: string[] = [];
        own.budget.tryTake("cancel", 100);
        for (const [index, one] of lanes.entries()) {
          take(own, log, { lane: one, name: String(index) });
        }
        await own.clock.advance(300_000);
        const expected = BUDGET_LANES.flatMap((one) =>
          lanes.flatMap((other, index) => other === one ? [String(index)] : [])
        );
        assert.deepEqual(log, expected);
      },
    ),
    { numRuns: 50 },
  );
});
