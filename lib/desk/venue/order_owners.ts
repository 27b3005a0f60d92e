import type { VenueTrade } from "../../contracts/venue.ts";
import { REMEMBERED_OWNERS, REMEMBERED_TRADES } from "./limits.ts";

/** Whose an order at the venue is: an id of ours, or somebody else's (null). */
type Owner = string | null;

/**
 * Remembers which venue order is which of ours, for venues whose trades name
 * only their own id, and which trades were told, to notice what a stream missed.
 */
export class OrderOwners {
  readonly #owners = new Map<string, Owner>();
  readonly #trades = new Set<string>();

  learn(venueOrderId: string, clientOrderId: Owner): void {
    this.#owners.delete(venueOrderId);
    this.#owners.set(venueOrderId, clientOrderId);
    if (this.#owners.size <= REMEMBERED_OWNERS) return;
    this.#owners.delete(this.#owners.keys().next().value!);
  }

  /** Our id, null for somebody else's order, or undefined where it is not known. */
  ownerOf(venueOrderId: string): Owner | undefined {
    return this.#owners.get(venueOrderId);
  }

  told({ tradeId }: VenueTrade): void {
    this.#trades.add(tradeId);
    if (this.#trades.size <= REMEMBERED_TRADES) return;
    this.#trades.delete(this.#trades.keys().next().value!);
  }

  wasTold({ tradeId }: VenueTrade): boolean {
    return this.#trades.has(tradeId);
  }
}
