import type { DeskEvent } from "../../lib/contracts/order.ts";

/** Results that an agent remembers: as many as its sizing may look at. Beyond it the oldest is forgotten. */
export const RESULTS_LIMIT = 200;

/** Results of the last closed trades as multiples of their risk, costs included, oldest first. */
export class TradeResults {
  #results: number[] = [];

  /** How many are known. */
  get count(): number {
    return this.#results.length;
  }

  /** Takes an event of the desk. */
  apply(event: DeskEvent): void {
    if (event.type !== "PositionClosed") return;
    this.#results.push(Number(event.trade.resultR));
    if (this.#results.length > RESULTS_LIMIT) this.#results.shift();
  }

  /** The newest results, oldest first, at most `limit`. */
  last(limit: number): readonly number[] {
    return this.#results.slice(-limit);
  }

  snapshot(): number[] {
    return [...this.#results];
  }

  restore(results: readonly number[]): void {
    this.#results = [...results];
  }
}
