import { ORDER_RATE_WINDOW_MS } from "../../../agents/risk/controls.ts";
import type { OrderIntent } from "../../contracts/order.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { REMEMBERED_INTENTS } from "../limits.ts";
import { RecentIds } from "./recent_ids.ts";

/** Which intents came, against repetition and for the order rate. */
export class IntentMemory {
  /** Deciding candle of the latest intents, by id. */
  readonly #known = new RecentIds<number>(REMEMBERED_INTENTS);
  /** When the intents of the last minute of market time came, oldest first. */
  times: readonly EpochMs[] = [];

  /** Deciding candle of an intent that came before, or null. */
  seqOf(intentId: string): number | null {
    return this.#known.get(intentId);
  }

  add({ intentId, seq }: OrderIntent, now: EpochMs): void {
    this.#known.set(intentId, seq);
    this.count(now);
  }

  /** Counts an order for the rate. */
  count(now: EpochMs): void {
    const from = now - ORDER_RATE_WINDOW_MS;
    this.times = [...this.times.filter((at) => at > from), now];
  }

  /** Orders of the minute before a moment of market time; null is the newest order's. */
  countUntil(at: EpochMs | null): number {
    if (at === null) return this.times.length;
    return this.times.filter((time) => time > at - ORDER_RATE_WINDOW_MS).length;
  }

  /** Ids with their deciding candle, oldest first. */
  entries(): [id: string, seq: number][] {
    return this.#known.entries();
  }

  restore(
    known: readonly (readonly [id: string, seq: number])[],
    times: readonly EpochMs[],
  ): void {
    for (const [id, seq] of known) this.#known.set(id, seq);
    this.times = [...times];
  }
}
