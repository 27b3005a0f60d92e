import type { OrderIntent } from "../../contracts/order.ts";
import type { DecimalText } from "../../core/decimal.ts";
import type { LiveIntent } from "./trade.ts";

/** Intents that have an order or a position, by id. */
export class LiveIntents {
  readonly #byId = new Map<string, LiveIntent>();

  constructor(live: readonly LiveIntent[] = []) {
    for (const one of live) this.#byId.set(one.intent.intentId, { ...one });
  }

  get(intentId: string): LiveIntent | null {
    return this.#byId.get(intentId) ?? null;
  }

  all(): LiveIntent[] {
    return [...this.#byId.values()];
  }

  add(
    intent: OrderIntent,
    more: Pick<LiveIntent, "isAdopted"> = {},
  ): void {
    this.#byId.set(intent.intentId, { intent, riskAmount: null, ...more });
  }

  /** The entry of an intent was accepted; null changes nothing. */
  accept(intentId: string, riskAmount: DecimalText | null): void {
    const live = this.#byId.get(intentId);
    if (live !== undefined && riskAmount !== null) live.riskAmount = riskAmount;
  }

  delete(intentId: string): void {
    this.#byId.delete(intentId);
  }
}
