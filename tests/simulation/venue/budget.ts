import type { Clock } from "../../../actors/clock.ts";
import {
  BUDGET_LANES,
  type BudgetLane,
  type RateBudget,
  VenueError,
} from "../../../lib/exchange/gateway/port.ts";

/** Requests of ten seconds. */
const CAPACITY = 120;
const WINDOW_MS = 10_000;

/** Share that is kept for what is more important than data and entries. */
const RESERVED = 0.2;

/** A simple rate budget: a bucket that refills, served in the order of its lanes. */
export function createSimulatedBudget(clock: Clock): RateBudget {
  let tokens = CAPACITY;
  let filledMs = clock.monotonicMs();
  let silentUntilMs = -Infinity;
  const waiting: { lane: BudgetLane; cost: number; go: () => void }[] = [];
  const refill = () => {
    const nowMs = clock.monotonicMs();
    tokens = Math.min(
      CAPACITY,
      tokens + (nowMs - filledMs) * CAPACITY / WINDOW_MS,
    );
    filledMs = nowMs;
  };
  const tryTake = (lane: BudgetLane, cost: number) => {
    refill();
    if (clock.monotonicMs() < silentUntilMs) return false;
    const isLow = lane === "entry" || lane === "data";
    const floor = isLow ? RESERVED * CAPACITY : 0;
    if (tokens - cost < floor) return false;
    tokens -= cost;
    return true;
  };
  let isArmed = false;
  const serve = () => {
    waiting.sort((a, b) =>
      BUDGET_LANES.indexOf(a.lane) - BUDGET_LANES.indexOf(b.lane)
    );
    while (waiting.length > 0 && tryTake(waiting[0]!.lane, waiting[0]!.cost)) {
      waiting.shift()!.go();
    }
    if (waiting.length === 0 || isArmed) return;
    isArmed = true;
    clock.after(100, () => {
      isArmed = false;
      serve();
    });
  };
  return {
    tryTake: (lane, cost) => waiting.length === 0 && tryTake(lane, cost),
    take: (lane, cost, { deadlineMs } = {}) =>
      new Promise((resolve, reject) => {
        const entry = { lane, cost, go: () => resolve() };
        waiting.push(entry);
        serve();
        if (deadlineMs === undefined || !waiting.includes(entry)) return;
        clock.after(deadlineMs, () => {
          const index = waiting.indexOf(entry);
          if (index < 0) return;
          waiting.splice(index, 1);
          reject(new VenueError("rate_limited", "It waited too long"));
        });
      }),
    retryAfter: (ms) => {
      silentUntilMs = Math.max(silentUntilMs, clock.monotonicMs() + ms);
    },
    get freeShare() {
      refill();
      return tokens / CAPACITY;
    },
    get silentUntilMs() {
      return clock.monotonicMs() < silentUntilMs ? silentUntilMs : null;
    },
  };
}
