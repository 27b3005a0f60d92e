import type { VenueNews } from "../gateway/port.ts";
import type { ConnectionMarket } from "./connection.ts";
import type { CcxtRecord } from "./library.ts";
import { ORDERS_REMEMBERED } from "./limits.ts";
import { toOrder, toTrade } from "./reading.ts";

/** Tells news of orders that say something new, and every trade it is given; who listens knows trades by their ids. */
export class HeardNews {
  readonly #listener: { onNews(news: VenueNews): void };
  /** What was told last of each order, by the venue's id. */
  readonly #told = new Map<string, string>();

  constructor(listener: { onNews(news: VenueNews): void }) {
    this.#listener = listener;
  }

  order(record: CcxtRecord, market: ConnectionMarket): void {
    const order = toOrder(record, market);
    const { venueOrderId, clientOrderId, status, filled } = order;
    const said = `${clientOrderId} ${status} ${filled}`;
    if (this.#told.get(venueOrderId) === said) return;
    this.#told.delete(venueOrderId);
    this.#told.set(venueOrderId, said);
    if (this.#told.size > ORDERS_REMEMBERED) {
      this.#told.delete(this.#told.keys().next().value!);
    }
    this.#listener.onNews({ type: "order", order });
  }

  trade(record: CcxtRecord, market: ConnectionMarket): void {
    const trade = toTrade(record, market);
    if (trade !== null) this.#listener.onNews({ type: "trade", trade });
  }
}
