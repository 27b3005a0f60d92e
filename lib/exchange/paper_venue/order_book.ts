import type { VenueOrder } from "../../contracts/venue.ts";
import { ENDED_ORDERS_KEPT } from "./limits.ts";
import { type PaperOrder, toVenueOrder } from "./paper_order.ts";

/** Names an order: by the venue's id where it is known, else by ours. */
export interface OrderName {
  clientOrderId: string;
  venueOrderId: string | null;
}

/** Open orders of one account, oldest first, and the newest of those that are over. */
export class OrderBook {
  #open: readonly PaperOrder[] = [];
  /** By venue id, oldest first. */
  readonly #ended = new Map<string, VenueOrder>();

  /** Open orders, oldest first. The list itself never changes, so that it may be walked while orders end. */
  get open(): readonly PaperOrder[] {
    return this.#open;
  }

  /** Lets an order be open. */
  add(order: PaperOrder): void {
    this.#open = [...this.#open, order];
  }

  /** Takes an order that is over out of the open ones; it can still be asked for. */
  end(order: PaperOrder): void {
    this.#open = this.#open.filter((other) => other !== order);
    this.keep(toVenueOrder(order));
  }

  /** Remembers an order that was over at once. */
  keep(order: VenueOrder): void {
    this.#ended.set(order.venueOrderId, order);
    if (this.#ended.size <= ENDED_ORDERS_KEPT) return;
    const oldest = this.#ended.keys().next().value;
    if (oldest !== undefined) this.#ended.delete(oldest);
  }

  /** The open order of that name, or null. */
  findOpen({ clientOrderId, venueOrderId }: OrderName): PaperOrder | null {
    return this.#open.find((order) =>
      venueOrderId === null
        ? order.request.clientOrderId === clientOrderId
        : order.venueOrderId === venueOrderId
    ) ?? null;
  }

  /** The order of that name, open or over; the newest where ours was used again. Null where it is not known. */
  find(name: OrderName): VenueOrder | null {
    const open = this.findOpen(name);
    if (open !== null) return toVenueOrder(open);
    if (name.venueOrderId !== null) {
      return this.#ended.get(name.venueOrderId) ?? null;
    }
    return [...this.#ended.values()].findLast((order) =>
      order.clientOrderId === name.clientOrderId
    ) ?? null;
  }

  /** Other open orders of the order's group. */
  siblingsOf(order: PaperOrder): readonly PaperOrder[] {
    const { ocoGroup } = order.request;
    if (ocoGroup === null) return [];
    return this.#open.filter((other) =>
      other !== order && other.request.ocoGroup === ocoGroup
    );
  }

  /** A venue id that no order here has: ours with a prefix, numbered where ours was used before. */
  newVenueOrderId(clientOrderId: string): string {
    const base = `paper-${clientOrderId}`;
    const isTaken = (id: string) =>
      this.#ended.has(id) ||
      this.#open.some((open) => open.venueOrderId === id);
    let id = base;
    for (let number = 2; isTaken(id); number++) id = `${base}.${number}`;
    return id;
  }
}
