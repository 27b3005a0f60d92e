import type { OpenOrder } from "../../../lib/contracts/order.ts";
import type { Exchange } from "./exchange.ts";
import { QUANTITY_PLACES } from "./limits.ts";
import type { VenueMonitor } from "./monitor.ts";
import { toUnits } from "./units.ts";

/** What a decision was sized to, in units, and its entry orders by our id. */
interface Parent {
  name: string;
  units: number;
  clientOrderIds: Set<string>;
}

/**
 * V13 by the text of the journal and the venue's own books: what is filled of a
 * decision and what its orders may still fill is never more than it was sized to.
 */
export class Parents {
  readonly #exchange: Exchange;
  readonly #monitor: VenueMonitor;
  readonly #latest = new Map<string, Parent>();
  readonly #byId = new Map<string, Parent>();
  #read = 0;
  /** Entries beyond the first of their decision, moved ones, stops and post-only ones that were recorded. */
  readonly counts = { parts: 0, moves: 0, stops: 0, postOnly: 0 };

  constructor(exchange: Exchange, monitor: VenueMonitor) {
    this.#exchange = exchange;
    this.#monitor = monitor;
  }

  /** Something happened to an order at the venue. */
  look(clientOrderId: string | null): void {
    this.#readOn();
    const parent = this.#byId.get(clientOrderId ?? "");
    if (parent === undefined) return;
    let units = 0;
    for (const order of this.#exchange.orders) {
      if (!parent.clientOrderIds.has(order.clientOrderId ?? "")) continue;
      units += order.status === "open" ? order.quantity : order.filled;
    }
    if (units <= parent.units) return;
    this.#monitor.report(
      "V13",
      `${units} units are at the venue for ${parent.name}, sized to ${parent.units}`,
    );
  }

  #readOn(): void {
    const { written } = this.#monitor;
    for (; this.#read < written.length; this.#read++) {
      const line = written[this.#read]!;
      const { record } = JSON.parse(line.slice(line.indexOf("{")));
      // A power cut may take a decision, which then is made and sized again.
      if (record.type === "INTENT") {
        this.#latest.delete(record.intent.intentId);
      } else if (record.type === "ADOPT") this.#forget(record.clientOrderId);
      else if (record.type === "ORDER" && record.order.role === "entry") {
        this.#take(record);
      }
    }
  }

  #take(
    { order, clientOrderId, parent }: {
      order: OpenOrder;
      clientOrderId: string;
      parent?: { quantity: string };
    },
  ): void {
    const { intentId } = order;
    if (order.part !== undefined) this.counts.parts++;
    if (order.replaces !== undefined) this.counts.moves++;
    if (order.type === "stop") this.counts.stops++;
    if (order.postOnly === true) this.counts.postOnly++;
    let known = this.#latest.get(intentId);
    if (known === undefined) {
      const text = parent?.quantity ?? order.quantity;
      known = {
        name: intentId,
        units: toUnits(text, QUANTITY_PLACES),
        clientOrderIds: new Set(),
      };
      this.#latest.set(intentId, known);
    }
    known.clientOrderIds.add(clientOrderId);
    this.#byId.set(clientOrderId, known);
  }

  /** It was lost with the end of a journal: it is withdrawn, and what it made is closed. */
  #forget(clientOrderId: string): void {
    this.#byId.get(clientOrderId)?.clientOrderIds.delete(clientOrderId);
    this.#byId.delete(clientOrderId);
  }
}
