import { assert } from "../../core/assert.ts";
import { BUDGET_LANES, type BudgetLane } from "../gateway/port.ts";
import { BUDGET_RESERVED_SHARE } from "./limits.ts";
import { SlotWindow, type WindowLimit } from "./slot_window.ts";

/** Place of each lane, 0 for the most important one. */
export const LANE_RANKS = Object.fromEntries(
  BUDGET_LANES.map((lane, rank) => [lane, rank]),
) as Readonly<Record<BudgetLane, number>>;

/** Ranks from here on may not touch the reserve. */
const UNRESERVED_RANK = LANE_RANKS.entry;

/** By rank, whether requests of the lane place orders. */
export const IS_ORDER_RANK: readonly boolean[] = BUDGET_LANES.map((lane) =>
  lane === "protective" || lane === "exit" || lane === "entry"
);

/** Least limit of a window, so that its reserve holds a whole request. */
const LIMIT_MIN = 5;

/** A request as the windows see it. */
export interface Demand {
  rank: number;
  cost: number;
  /** Monotonic. */
  nowMs: number;
}

/** Every window of one budget, with the reserve for what reduces risk. */
export class WindowSet {
  readonly #windows: readonly SlotWindow[];

  constructor(limits: readonly WindowLimit[]) {
    assert(limits.length > 0, "A rate budget needs at least one window");
    for (const { name, limit } of limits) {
      assert(
        limit >= LIMIT_MIN,
        `The limit of window "${name}" must be at least ${LIMIT_MIN}, was ${limit}`,
      );
    }
    this.#windows = limits.map((limit) => new SlotWindow(limit));
  }

  /** The first window that has no room, those of weight before those of orders; null for none. */
  blocking(
    { rank, cost, nowMs }: Demand,
    isCautious: boolean,
  ): SlotWindow | null {
    const share = shareOf(rank) / (isCautious && isUnreserved(rank) ? 2 : 1);
    let blocking: SlotWindow | null = null;
    for (const window of this.#windows) {
      const { counts, limit } = window.limit;
      const amount = counts === "weight" ? cost : IS_ORDER_RANK[rank] ? 1 : 0;
      if (amount === 0 || window.used(nowMs) + amount <= limit * share) {
        continue;
      }
      if (counts === "weight") return window;
      blocking ??= window;
    }
    return blocking;
  }

  /** Counts a request in every window that it belongs to. */
  spend({ rank, cost, nowMs }: Demand): void {
    for (const window of this.#windows) {
      if (window.limit.counts === "weight") window.add(nowMs, cost);
      else if (IS_ORDER_RANK[rank]) window.add(nowMs, 1);
    }
  }

  /** Whether an empty budget has room for it. */
  canEverFit(rank: number, cost: number): boolean {
    return cost >= 0 &&
      this.#windows.every(({ limit: { counts, limit } }) =>
        counts === "orders" || cost <= limit * shareOf(rank)
      );
  }

  /** Raises what a window has used to what the venue says; never lowers it. */
  observe(
    name: string,
    { used, nowMs }: { used: number; nowMs: number },
  ): void {
    for (const window of this.#windows) {
      if (window.limit.name !== name || !Number.isFinite(used)) continue;
      const unknown = used - window.used(nowMs);
      if (unknown > 0) window.add(nowMs, unknown);
    }
  }

  /** Free part of the fullest window, 0 to 1. */
  freeShare(nowMs: number): number {
    let share = 1;
    for (const window of this.#windows) {
      const used = window.used(nowMs) / window.limit.limit;
      share = Math.min(share, Math.max(0, 1 - used));
    }
    return share;
  }
}

function isUnreserved(rank: number): boolean {
  return rank >= UNRESERVED_RANK;
}

function shareOf(rank: number): number {
  return isUnreserved(rank) ? 1 - BUDGET_RESERVED_SHARE : 1;
}
