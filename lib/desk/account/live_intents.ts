import type { OrderIntent } from "../../contracts/order.ts";
import type { BookRecord } from "../journal/records.ts";
import type { ParentState } from "./parts/parent.ts";
import type { LiveIntent } from "./trade.ts";

/** Intents that have an order or a position, by id. */
export class LiveIntents {
  readonly #byId = new Map<string, LiveIntent>();
  /** How many of them may still send further orders of theirs; asked at every candle. */
  openParents = 0;

  constructor(live: readonly LiveIntent[] = []) {
    for (const one of live) this.#byId.set(one.intent.intentId, { ...one });
    this.#count();
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

  /** The entry of an intent was accepted; another order, without a risk, changes nothing. */
  accept(
    { order, riskAmount, parent }: Extract<BookRecord, { type: "ORDER" }>,
  ): void {
    const live = this.#byId.get(order.intentId);
    if (live === undefined || riskAmount === null) return;
    live.riskAmount = riskAmount;
    live.sizedQuantity = parent?.quantity ?? order.quantity;
  }

  /** Those that may still send further orders of theirs, oldest first. */
  withOpenParent(): (LiveIntent & { parent: ParentState })[] {
    if (this.openParents === 0) return [];
    return this.all().filter((live): live is LiveIntent & {
      parent: ParentState;
    } => isOpen(live));
  }

  /** Replaces what became of the parts of an intent; nothing for one that is unknown. */
  setParent(intentId: string, parent: ParentState): void {
    const live = this.#byId.get(intentId);
    if (live === undefined) return;
    live.parent = parent;
    this.#count();
  }

  /** Forgets a denied intent. A duplicate was denied because the first one stands, and a part because the others do. */
  denied(
    { code, part, intentId }: Extract<BookRecord, { type: "DENIED" }>,
  ): void {
    if (code !== "INTENT_DUPLICATE" && part === undefined) {
      this.delete(intentId);
    }
  }

  delete(intentId: string): void {
    const live = this.#byId.get(intentId);
    if (live === undefined) return;
    this.#byId.delete(intentId);
    if (live.parent !== undefined) this.#count();
  }

  #count(): void {
    this.openParents = 0;
    for (const live of this.#byId.values()) {
      if (isOpen(live)) this.openParents++;
    }
  }
}

function isOpen({ parent }: LiveIntent): boolean {
  return parent !== undefined && parent.over === null;
}
