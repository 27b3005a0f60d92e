import type { OpenOrder } from "../../../lib/contracts/order.ts";
import type { OracleRecord } from "./journal_text.ts";

/** The orders that rest, by the records of a journal. */
export class RestingOrders {
  readonly #orders = new Map<string, OpenOrder>();

  /** In the order they were placed. */
  get all(): readonly OpenOrder[] {
    return [...this.#orders.values()];
  }

  take(record: OracleRecord): void {
    if (record.type === "ORDER") {
      this.#orders.set(record.order.orderId, record.order);
    }
    if (record.type === "CANCEL") this.#orders.delete(record.orderId);
    if (record.type === "FILL") this.#orders.delete(record.fill.orderId);
  }
}
