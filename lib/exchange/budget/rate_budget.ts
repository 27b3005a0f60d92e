/**
 * The one rate budget of a venue and address. It counts what the venue counts,
 * keeps a part for orders that reduce risk, and lets nothing go while the venue
 * wants silence.
 *
 * A lower lane waits while a higher one wants the same budget, so it can starve
 * while higher lanes use all of it; no wait is longer than its deadline, and
 * `stats()` says how long the oldest request of each lane has waited.
 *
 * @module
 */
import type { Clock, Timer } from "../../../actors/clock.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { assert } from "../../core/assert.ts";
import {
  BUDGET_LANES,
  type BudgetLane,
  type RateBudget,
  VenueError,
} from "../gateway/port.ts";
import { BanMemory, type BanRecord } from "./ban_memory.ts";
import { LaneQueue, type Waiter } from "./lane_queue.ts";
import { BUDGET_WAIT_MS, BUDGET_WAITERS } from "./limits.ts";
import type { SlotWindow, WindowLimit } from "./slot_window.ts";
import {
  type Demand,
  IS_ORDER_RANK,
  LANE_RANKS,
  WindowSet,
} from "./window_set.ts";

/** What a budget is made of. */
export interface RateBudgetOptions {
  clock: Clock;
  /** Names the venue in sentences. */
  venue: string;
  /** Every limit that the venue counts for this address. */
  windows: readonly WindowLimit[];
  /** What an earlier process was told, so that a restart is no way around it. */
  memory?: BanRecord | null;
}

/** What a lane is like now. */
export interface LaneStats {
  waiting: number;
  /** How long its oldest request has waited; null while none waits. */
  oldestMs: number | null;
  /** Refused since the start: queue full, deadline, closed. */
  refused: number;
}

/** A rate budget with what its owner needs besides taking. */
export interface VenueRateBudget extends RateBudget {
  /** The venue says how much of a window is used; where that is more than we know, others use it too. */
  observe(window: string, used: number): void;
  /** The venue has banned the address; null where it does not say for how long. */
  banned(ms: number | null, why: string): void;
  /** What a later process must know. */
  memory(): BanRecord;
  stats(): Readonly<Record<BudgetLane, LaneStats>>;
  /** Why there is silence; null without. */
  readonly silenceReason: string | null;
  /** Refuses all that wait and all that comes. */
  close(): void;
}

/** Creates the budget of a venue and address. */
export function createRateBudget(options: RateBudgetOptions): VenueRateBudget {
  return new WindowedBudget(options);
}

class WindowedBudget implements VenueRateBudget {
  readonly #clock: Clock;
  readonly #venue: string;
  readonly #windows: WindowSet;
  readonly #queue = new LaneQueue();
  readonly #refused = BUDGET_LANES.map(() => 0);
  readonly #bans: BanMemory;
  #silentUntilMs = -Infinity;
  #silenceReason: string | null = null;
  #timer: Timer | null = null;
  #isClosed = false;

  constructor({ clock, venue, windows, memory }: RateBudgetOptions) {
    this.#clock = clock;
    this.#venue = venue;
    this.#windows = new WindowSet(windows);
    this.#bans = new BanMemory(memory ?? null);
    const restMs = this.#bans.silentUntilMs - clock.nowMs();
    if (restMs > 0) {
      this.#silence(restMs, "The venue asked for it before the restart");
    }
  }

  get freeShare(): number {
    const nowMs = this.#clock.monotonicMs();
    return nowMs < this.#silentUntilMs ? 0 : this.#windows.freeShare(nowMs);
  }

  get silentUntilMs(): EpochMs | null {
    const restMs = this.#silentUntilMs - this.#clock.monotonicMs();
    return restMs > 0 ? this.#clock.nowMs() + restMs : null;
  }

  get silenceReason(): string | null {
    return this.silentUntilMs === null ? null : this.#silenceReason;
  }

  tryTake(lane: BudgetLane, cost: number): boolean {
    const rank = LANE_RANKS[lane];
    if (this.#isClosed || this.#queue.hasUpTo(rank)) return false;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#silentUntilMs) return false;
    const demand = { rank, cost, nowMs };
    if (this.#blocking(demand) !== null) return false;
    this.#windows.spend(demand);
    return true;
  }

  take(
    lane: BudgetLane,
    cost: number,
    options: { deadlineMs?: number } = {},
  ): Promise<void> {
    const rank = LANE_RANKS[lane];
    if (this.#isClosed) return this.#refuse(rank, "it is closed");
    if (!this.#windows.canEverFit(rank, cost)) {
      return this.#refuse(rank, `a cost of ${cost} is more than it ever has`);
    }
    if (this.tryTake(lane, cost)) return Promise.resolve();
    if (this.#queue.size >= BUDGET_WAITERS) {
      const displaced = this.#queue.newestBelow(rank);
      const why = `${BUDGET_WAITERS} requests wait for it already`;
      if (displaced === null) return this.#refuse(rank, why);
      this.#drop(displaced, why);
    }
    return this.#wait(rank, {
      cost,
      deadlineMs: options.deadlineMs ?? BUDGET_WAIT_MS,
    });
  }

  retryAfter(ms: number, why: string): void {
    assert(
      Number.isFinite(ms) && ms >= 0,
      `Silence of ${ms} ms makes no sense`,
    );
    this.#silence(ms, why);
  }

  banned(ms: number | null, why: string): void {
    this.#silence(this.#bans.add({ ms, nowMs: this.#clock.nowMs() }), why);
  }

  observe(window: string, used: number): void {
    this.#windows.observe(window, { used, nowMs: this.#clock.monotonicMs() });
  }

  memory(): BanRecord {
    return this.#bans.record(this.silentUntilMs);
  }

  stats(): Readonly<Record<BudgetLane, LaneStats>> {
    const nowMs = this.#clock.monotonicMs();
    return Object.fromEntries(BUDGET_LANES.map((lane, rank) => {
      const oldest = this.#queue.head(rank);
      return [lane, {
        waiting: this.#queue.sizeOf(rank),
        oldestMs: oldest === undefined ? null : nowMs - oldest.sinceMs,
        refused: this.#refused[rank]!,
      }];
    })) as Record<BudgetLane, LaneStats>;
  }

  close(): void {
    this.#isClosed = true;
    for (const waiter of this.#queue.all()) this.#drop(waiter, "it is closed");
    this.#timer?.cancel();
    this.#timer = null;
  }

  #blocking(demand: Demand): SlotWindow | null {
    return this.#windows.blocking(demand, this.#bans.isRecent(this.#clock));
  }

  #wait(
    rank: number,
    { cost, deadlineMs }: { cost: number; deadlineMs: number },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        rank,
        cost,
        sinceMs: this.#clock.monotonicMs(),
        settle: (error) => {
          deadline.cancel();
          if (error === null) resolve();
          else reject(error);
        },
      };
      const deadline = this.#clock.after(deadlineMs, () => {
        this.#drop(waiter, `it had no room within ${deadlineMs} ms`);
        // Who came behind may fit where this one did not.
        this.#pump();
      });
      this.#queue.add(waiter);
      this.#pump();
    });
  }

  /** Lets go whoever may, then sets the timer for the next chance. */
  #pump(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#queue.size === 0) return;
    const nowMs = this.#clock.monotonicMs();
    const wakeMs = nowMs < this.#silentUntilMs
      ? this.#silentUntilMs
      : this.#release(nowMs);
    if (wakeMs === null) return;
    // At least a millisecond, because timers may be early by less than one.
    const delayMs = Math.max(1, wakeMs - nowMs);
    this.#timer = this.#clock.after(delayMs, () => this.#pump());
  }

  /** Releases by lane, first come first served; returns when the next one may fit. */
  #release(nowMs: number): number | null {
    let wakeMs: number | null = null;
    let areOrdersBlocked = false;
    for (let rank = 0; rank < BUDGET_LANES.length; rank++) {
      if (areOrdersBlocked && IS_ORDER_RANK[rank]) continue;
      let waiter = this.#queue.head(rank);
      while (waiter !== undefined) {
        const demand = { rank, cost: waiter.cost, nowMs };
        const blocking = this.#blocking(demand);
        if (blocking !== null) {
          const freeMs = blocking.nextFreeMs(nowMs);
          wakeMs = Math.min(wakeMs ?? Infinity, freeMs ?? Infinity);
          // What does not want orders does not take from those who do.
          if (blocking.limit.counts === "weight") return finite(wakeMs);
          areOrdersBlocked = true;
          break;
        }
        this.#queue.remove(waiter);
        this.#windows.spend(demand);
        waiter.settle(null);
        waiter = this.#queue.head(rank);
      }
    }
    return wakeMs === null ? null : finite(wakeMs);
  }

  #silence(ms: number, why: string): void {
    const untilMs = this.#clock.monotonicMs() + ms;
    if (untilMs <= this.#silentUntilMs) return;
    this.#silentUntilMs = untilMs;
    this.#silenceReason = why;
    this.#pump();
  }

  #drop(waiter: Waiter, why: string): void {
    if (!this.#queue.remove(waiter)) return;
    this.#refused[waiter.rank]!++;
    waiter.settle(this.#refusal(waiter.rank, why));
  }

  #refuse(rank: number, why: string): Promise<never> {
    this.#refused[rank]!++;
    return Promise.reject(this.#refusal(rank, why));
  }

  #refusal(rank: number, why: string): VenueError {
    const silentUntilMs = this.silentUntilMs;
    return new VenueError(
      "rate_limited",
      `The rate budget of ${this.#venue} refused a request of lane ${
        BUDGET_LANES[rank]
      }: ${why}`,
      {
        retryAfterMs: silentUntilMs === null
          ? null
          : silentUntilMs - this.#clock.nowMs(),
      },
    );
  }
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
