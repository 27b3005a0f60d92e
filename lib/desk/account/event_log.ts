import type { AccountView } from "../../contracts/account.ts";
import type { DeskEvent } from "../../contracts/order.ts";
import { REMEMBERED_STEPS } from "../limits.ts";

/** What an agent is told about one step, besides its number. */
export interface StepFacts {
  seq: number;
  events: DeskEvent[];
  equity: string | null;
  hasPosition: boolean;
  tradingState: AccountView["tradingState"];
}

/** The part of the book that a step's message repeats. */
export type StandingFacts = Omit<StepFacts, "seq" | "events">;

/**
 * Events by the step that tells them, so that an agent that restarts from an
 * older snapshot is told the same again. Only steps with events are kept.
 */
export class EventLog {
  #steps: StepFacts[] = [];
  /** Steps that are kept; beyond it the older half is forgotten when a new one comes. */
  capacity: number;
  #floorSeq = -1;
  #floor: StandingFacts;

  constructor(initial: StandingFacts, capacity = REMEMBERED_STEPS) {
    this.#floor = initial;
    this.capacity = capacity;
  }

  /** The newest step that was forgotten; the steps after it can be told again. */
  get floorSeq(): number {
    return this.#floorSeq;
  }

  /** Goes on after a step whose facts are in an earlier segment; `untold` is what has happened since. */
  static after(
    seq: number,
    { standing, untold, capacity }: {
      standing: StandingFacts;
      untold: StepFacts | null;
      capacity?: number;
    },
  ): EventLog {
    const log = new EventLog(standing, capacity);
    log.#floorSeq = seq;
    if (untold !== null) log.#steps.push(structuredClone(untold));
    return log;
  }

  /** Adds an event to a step; steps never go back. `standing` is the book after the event. */
  add(seq: number, event: DeskEvent, standing: StandingFacts): void {
    const last = this.#steps.at(-1);
    if (last !== undefined && last.seq === seq) {
      last.events.push(event);
      Object.assign(last, standing);
      return;
    }
    this.#steps.push({ seq, events: [event], ...standing });
    // Forgetting in halves keeps the cost per event constant.
    if (this.#steps.length > this.capacity) {
      this.forgetUntil(this.#steps[this.#steps.length >> 1]!.seq);
    }
  }

  /** The step's own entry, or null where nothing happened in it. */
  own(seq: number): StepFacts | null {
    const last = this.#steps.at(-1);
    if (last === undefined || last.seq < seq) return null;
    if (last.seq === seq) return last;
    const found = this.#steps[this.#indexUntil(seq)];
    return found !== undefined && found.seq === seq ? found : null;
  }

  /**
   * What was told in a step. Where nothing happened the book stood as after the
   * step before; its equity is then known only without a position, because
   * passed closes are not kept.
   */
  told(seq: number): StepFacts {
    const index = this.#indexUntil(seq);
    const before: StandingFacts = index < 0 ? this.#floor : this.#steps[index]!;
    if (index >= 0 && this.#steps[index]!.seq === seq) {
      return this.#steps[index]!;
    }
    return {
      seq,
      events: [],
      equity: before.hasPosition ? null : before.equity,
      hasPosition: before.hasPosition,
      tradingState: before.tradingState,
    };
  }

  /** Forgets the steps up to `seq`; they cannot be told again. */
  forgetUntil(seq: number): void {
    if (seq <= this.#floorSeq) return;
    const index = this.#indexUntil(seq);
    if (index >= 0) {
      const { equity, hasPosition, tradingState } = this.#steps[index]!;
      this.#floor = { equity, hasPosition, tradingState };
      this.#steps = this.#steps.slice(index + 1);
    }
    this.#floorSeq = seq;
  }

  /** Index of the last kept step ≤ `seq`, or −1. */
  #indexUntil(seq: number): number {
    let low = 0;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#steps[middle]!.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
