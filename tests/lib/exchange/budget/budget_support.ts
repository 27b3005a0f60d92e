import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../../../actors/simulated_clock.ts";
import {
  createRateBudget,
  type VenueRateBudget,
} from "../../../../lib/exchange/budget/rate_budget.ts";
import type { WindowLimit } from "../../../../lib/exchange/budget/slot_window.ts";
import type {
  BudgetLane,
  VenueError,
} from "../../../../lib/exchange/gateway/port.ts";

/** A window of weight. */
export const WEIGHT: WindowLimit = {
  name: "weight",
  windowMs: 60_000,
  limit: 100,
  counts: "weight",
};
/** A window of orders. */
export const ORDERS: WindowLimit = {
  name: "orders",
  windowMs: 10_000,
  limit: 10,
  counts: "orders",
};

/** A budget on a clock of its own. */
export interface Setup {
  clock: SimulatedClock;
  budget: VenueRateBudget;
}

/** A budget of both windows. */
export function setup(
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
export function take(
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
