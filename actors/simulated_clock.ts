import { setImmediate } from "node:timers";
import { assert } from "../lib/core/assert.ts";
import type { Clock, Timer } from "./clock.ts";

/** A clock that moves only when it is told to. */
export interface SimulatedClock extends Clock {
  /**
   * Moves on by `ms`, runs every timer that falls due, in order, each at its own
   * time, and lets all promises settle before the next one.
   */
  advance(ms: number): Promise<void>;
  /** Lets all promises settle without moving. */
  settle(): Promise<void>;
  /**
   * Moves on by `ms` as an isolate that was blocked does: no timer runs on the
   * way, all that fell due run late, at the new time.
   */
  stall(ms: number): Promise<void>;
  /** Lets the wall time jump by `ms`, as when the machine's clock is set; durations do not notice. */
  jumpWall(ms: number): void;
  /** Timers that are set. */
  readonly pending: number;
}

/** Settings of a simulated clock. */
export interface SimulatedClockOptions {
  /** Wall time at the start, milliseconds since 1970; default 0. */
  startMs?: number;
  /** Waits until nothing moves any more; default one turn of the event loop, which empties the microtask queue. */
  settle?: () => Promise<void>;
}

interface Entry {
  dueMs: number;
  order: number;
  intervalMs: number | null;
  callback: () => void;
}

/** Creates a clock for tests and simulations: the same calls give the same order of timers, in no real time. */
export function createSimulatedClock(
  options: SimulatedClockOptions = {},
): SimulatedClock {
  return new ManualClock(options);
}

class ManualClock implements SimulatedClock {
  readonly #settle: () => Promise<void>;
  /** Sorted by due time, then by creation. */
  readonly #entries: Entry[] = [];
  #wallOffsetMs: number;
  #monotonicMs = 0;
  #order = 0;

  constructor(options: SimulatedClockOptions) {
    this.#wallOffsetMs = options.startMs ?? 0;
    this.#settle = options.settle ??
      (() => new Promise((resolve) => void setImmediate(resolve)));
  }

  get pending(): number {
    return this.#entries.length;
  }

  nowMs(): number {
    return this.#monotonicMs + this.#wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#add({ delayMs, intervalMs: null, callback });
  }

  every(intervalMs: number, callback: () => void): Timer {
    assert(intervalMs > 0, `Interval must be positive, was ${intervalMs}`);
    return this.#add({ delayMs: intervalMs, intervalMs, callback });
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    await this.#settle();
    while (this.#entries.length > 0 && this.#entries[0]!.dueMs <= untilMs) {
      this.#runNext();
      // deno-lint-ignore no-await-in-loop -- the next timer may depend on it
      await this.#settle();
    }
    this.#monotonicMs = untilMs;
  }

  async stall(ms: number): Promise<void> {
    this.#monotonicMs += ms;
    await this.advance(0);
  }

  settle(): Promise<void> {
    return this.#settle();
  }

  jumpWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  #runNext(): void {
    const entry = this.#entries.shift()!;
    this.#monotonicMs = Math.max(this.#monotonicMs, entry.dueMs);
    if (entry.intervalMs !== null) {
      entry.dueMs = this.#monotonicMs + entry.intervalMs;
      this.#insert(entry);
    }
    entry.callback();
  }

  #add(
    options: {
      delayMs: number;
      intervalMs: number | null;
      callback: () => void;
    },
  ): Timer {
    const entry: Entry = {
      // Whole milliseconds, as real timers have them: a part of one would never be reached by clocks that add up.
      dueMs: this.#monotonicMs + Math.ceil(Math.max(0, options.delayMs)),
      order: this.#order++,
      intervalMs: options.intervalMs,
      callback: options.callback,
    };
    this.#insert(entry);
    return {
      cancel: () => {
        const index = this.#entries.indexOf(entry);
        if (index >= 0) this.#entries.splice(index, 1);
      },
    };
  }

  #insert(entry: Entry): void {
    let index = this.#entries.length;
    while (index > 0 && isBefore(entry, this.#entries[index - 1]!)) index--;
    this.#entries.splice(index, 0, entry);
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
