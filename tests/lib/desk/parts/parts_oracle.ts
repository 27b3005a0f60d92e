import assert from "node:assert/strict";
import type { AccountView } from "../../../../lib/contracts/account.ts";
import type { DeskEvent } from "../../../../lib/contracts/order.ts";
import {
  type Decimal,
  decimal,
  toDecimalText,
  ZERO,
} from "../../../../lib/core/decimal.ts";
import type { JournalEntry } from "../../../../lib/desk/journal/records.ts";

/** Judges an account with entries in parts by what it tells and shows. */
export class PartsOracle {
  readonly #ids = new Set<string>();
  readonly #filled = new Map<string, Decimal>();
  readonly #sized = new Map<string, Decimal>();
  readonly #trades = new Set<string>();
  readonly counts = {
    parts: 0,
    moves: 0,
    postOnly: 0,
    stops: 0,
    refused: 0,
    trades: 0,
  };
  #read = 0;

  /** After each transaction. `isWhole`: exits are for exactly what is held. */
  look(
    { entries, events, view }: {
      entries: readonly JournalEntry[];
      events: readonly DeskEvent[];
      view: AccountView;
    },
    { isWhole = true } = {},
  ): void {
    this.#readSizes(entries);
    for (const event of events) this.#hear(event);
    this.#judge(view, isWhole);
  }

  #readSizes(entries: readonly JournalEntry[]): void {
    for (const { record } of entries.slice(this.#read)) {
      if (record.type !== "ORDER" || record.order.role !== "entry") continue;
      const { intentId, quantity } = record.order;
      if (this.#sized.has(intentId)) continue;
      this.#sized.set(intentId, decimal(record.parent?.quantity ?? quantity));
    }
    this.#read = entries.length;
  }

  #hear(event: DeskEvent): void {
    if (event.type === "OrderAccepted") {
      const { order } = event;
      assert.ok(!this.#ids.has(order.orderId), `${order.orderId} came twice`);
      this.#ids.add(order.orderId);
      if (order.role !== "entry") return;
      if (order.part !== undefined) this.counts.parts++;
      if (order.replaces !== undefined) this.counts.moves++;
      if (order.postOnly === true) this.counts.postOnly++;
      if (order.type === "stop") this.counts.stops++;
    }
    if (event.type === "OrderCanceled" && event.role === "entry") {
      assert.ok(event.cause !== undefined, JSON.stringify(event));
      if (event.cause === "post_only") this.counts.refused++;
    }
    if (event.type === "OrderFilled" && event.fill.role === "entry") {
      const { intentId, quantity, tradedQuantity } = event.fill;
      const before = this.#filled.get(intentId) ?? ZERO;
      const traded = decimal(tradedQuantity ?? quantity);
      this.#filled.set(intentId, before.plus(traded));
    }
    if (event.type === "PositionClosed") {
      const { intentId } = event.trade;
      assert.ok(!this.#trades.has(intentId), `${intentId} made two trades`);
      this.#trades.add(intentId);
      this.counts.trades++;
    }
  }

  #judge({ openOrders, position }: AccountView, isWhole: boolean): void {
    const working = new Map<string, Decimal>();
    for (const { role, intentId, quantity, filled = "0" } of openOrders) {
      if (role !== "entry") continue;
      const left = decimal(quantity).minus(decimal(filled));
      working.set(intentId, (working.get(intentId) ?? ZERO).plus(left));
    }
    for (const [intentId, sized] of this.#sized) {
      const sent = (this.#filled.get(intentId) ?? ZERO)
        .plus(working.get(intentId) ?? ZERO);
      assert.ok(
        sent.lte(sized),
        `${toDecimalText(sent)} was sent for ${intentId}, sized to ${
          toDecimalText(sized)
        }`,
      );
    }
    if (position === null || !isWhole) return;
    const of = (role: string) =>
      openOrders.filter((order) => order.role === role)
        .map(({ quantity }) => quantity);
    assert.deepEqual(of("stop"), [position.quantity]);
    for (const quantity of of("target")) {
      assert.equal(quantity, position.quantity);
    }
    assert.ok(working.size <= 1, "one intent alone works in a position");
  }
}
