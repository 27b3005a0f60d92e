import type { VenueOrder } from "../../contracts/venue.ts";
import { FOREIGN_ORDERS_MAX } from "./limits.ts";
import type { LostOrders } from "./lost_orders.ts";
import type { OrderSeeker } from "./order_seeker.ts";
import { isOurs } from "./our_orders.ts";
import { readForBooks } from "./risk.ts";
import {
  findByClientId,
  reportOrder,
  type VenueAccount,
} from "./venue_account.ts";

/**
 * Compares what rests at the venue with what should. What is missing there is
 * asked for by itself before anything follows; what is there and not ours is
 * listed and never touched.
 */
export class OpenOrdersCheck {
  readonly #account: VenueAccount;
  readonly #seeker: OrderSeeker;
  readonly #lost: LostOrders;
  #foreign: readonly VenueOrder[] = [];
  #foreignCount = 0;

  constructor(account: VenueAccount, seeker: OrderSeeker, lost: LostOrders) {
    this.#account = account;
    this.#seeker = seeker;
    this.#lost = lost;
  }

  /** Orders of others in this market as of the last look, at most a hundred, and how many there are. */
  get foreign(): { orders: readonly VenueOrder[]; count: number } {
    return { orders: this.#foreign, count: this.#foreignCount };
  }

  /** @throws {VenueError} */
  async run(): Promise<void> {
    const account = this.#account;
    const { symbol, execution, touches } = account;
    const listed = await readForBooks(
      account,
      "openOrders",
      (gateway) => gateway.openOrders(symbol),
    );
    if (account.isClosed) return;
    const foreign = listed.filter((order) => !isOurs(order, execution));
    this.#foreign = foreign.slice(0, FOREIGN_ORDERS_MAX);
    this.#foreignCount = foreign.length;
    const ours = listed.filter((order) => isOurs(order, execution));
    for (const order of ours) {
      const known = findByClientId(account, order.clientOrderId!);
      // deno-lint-ignore no-await-in-loop -- one by one, to leave budget to others
      if (known === null) await this.#lost.adopt(order);
      else if (!touches.isFresh(known.order.orderId)) {
        reportOrder(account, order);
      }
      if (account.isClosed) return;
    }
    await this.#seekMissing(ours);
  }

  async #seekMissing(listed: readonly VenueOrder[]): Promise<void> {
    const account = this.#account;
    const there = new Set(listed.map(({ clientOrderId }) => clientOrderId));
    const missing = account.side.workingOrders().filter((working) =>
      working.phase === "open" && !there.has(working.clientOrderId) &&
      !account.touches.isFresh(working.order.orderId)
    );
    for (const working of missing) {
      // deno-lint-ignore no-await-in-loop -- one by one, to leave budget to others
      const seen = await this.#seeker.look(working);
      if (account.isClosed) return;
      account.drift.set(
        `missing:${working.order.orderId}`,
        seen === "not_found"
          ? `The venue does not know order ${working.clientOrderId} any more, which it had taken; look for it there`
          : null,
      );
    }
    this.#forgetMissing();
  }

  /** A cause ends with its order. */
  #forgetMissing(): void {
    const { side, drift } = this.#account;
    const working = new Set(
      side.workingOrders().map(({ order }) => `missing:${order.orderId}`),
    );
    drift.endWhere((cause) =>
      cause.startsWith("missing:") && !working.has(cause)
    );
  }
}
