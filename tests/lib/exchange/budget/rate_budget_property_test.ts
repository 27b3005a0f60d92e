import assert from "node:assert/strict";
import fc from "fast-check";
import type { WindowLimit } from "../../../../lib/exchange/budget/slot_window.ts";
import {
  BUDGET_LANES,
  type BudgetLane,
  VenueError,
} from "../../../../lib/exchange/gateway/port.ts";
import { ORDERS, setup, take, WEIGHT } from "./budget_support.ts";

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
  const { clock, budget } = setup();
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
