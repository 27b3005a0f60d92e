import {
  VenueError,
  type VenueNews,
  type VenueWatch,
} from "../../exchange/gateway/port.ts";
import { RECONCILE_RETRY_MAX_MS, RECONCILE_RETRY_MS } from "./limits.ts";
import { isOurs } from "./our_orders.ts";
import type { EntryBlock } from "./port.ts";
import type { Reconciler } from "./reconciler.ts";
import {
  findByClientId,
  reportOrder,
  type VenueAccount,
} from "./venue_account.ts";

/**
 * The venue's own news of one account. The gateway connects again by itself and
 * says so; what happened in between is read before the next entry. A stream that
 * keeps silent about trades is begun anew.
 */
export class PrivateStream {
  readonly #account: VenueAccount;
  readonly #reconciler: Reconciler;
  #watching: VenueWatch | null = null;
  #isConnected = false;
  #retryMs = RECONCILE_RETRY_MS;
  #missed = 0;
  /** News are taken in one after the other, because some need a question first. */
  #taking: Promise<void> = Promise.resolve();

  constructor(account: VenueAccount, reconciler: Reconciler) {
    this.#account = account;
    this.#reconciler = reconciler;
  }

  block(): EntryBlock | null {
    if (!this.#account.profile.hasPrivateStream || this.#isConnected) {
      return null;
    }
    return {
      code: "RECONCILING",
      detail: "The venue's news of the account are interrupted",
    };
  }

  open(): void {
    const { profile, venue, symbol, clock } = this.#account;
    if (!profile.hasPrivateStream || this.#account.isClosed) return;
    let isCurrent = true;
    try {
      const watching = venue.gateway.watch([symbol], (news) => {
        if (isCurrent && !this.#account.isClosed) this.#take(news);
      });
      this.#watching = {
        close() {
          isCurrent = false;
          watching.close();
        },
        renew: () => watching.renew(),
      };
      this.#retryMs = RECONCILE_RETRY_MS;
    } catch {
      this.#disconnected();
      clock.after(
        this.#retryMs * (0.5 + this.#account.random() / 2),
        () => this.open(),
      );
      this.#retryMs = Math.min(RECONCILE_RETRY_MAX_MS, 2 * this.#retryMs);
    }
  }

  close(): void {
    this.#watching?.close();
    this.#watching = null;
    this.#isConnected = false;
  }

  /** Begins anew where the other reads found what it should have told. */
  tick(): void {
    const missed = this.#reconciler.trades.missedByStream;
    if (missed === this.#missed) return;
    this.#missed = missed;
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#reconciler.require("The venue's news of the account had a gap");
    this.#watching?.renew();
  }

  #take(news: VenueNews): void {
    switch (news.type) {
      case "connected":
        this.#isConnected = true;
        return this.#reconciler.require(
          "The venue's news of the account began again",
        );
      case "disconnected":
        return this.#disconnected();
      case "position":
        return this.#reconciler.hurryHoldings();
      case "funding":
        return this.#account.report({ type: "funding", funding: news.funding });
      case "order":
        return this.#takeOrder(news.order);
      case "trade":
        this.#taking = this.#taking.then(() => this.#takeTrade(news.trade));
    }
  }

  #takeOrder(order: Extract<VenueNews, { type: "order" }>["order"]): void {
    const account = this.#account;
    if (!isOurs(order, account.execution)) return;
    const known = findByClientId(account, order.clientOrderId!);
    if (known === null) {
      // Over already, or lost: a list tells.
      if (order.status === "open") this.#reconciler.hurryOrders();
      return;
    }
    account.touches.touch(known.order.orderId);
    reportOrder(account, order);
  }

  async #takeTrade(
    trade: Extract<VenueNews, { type: "trade" }>["trade"],
  ): Promise<void> {
    try {
      await this.#reconciler.trades.take(trade);
    } catch (error) {
      // The drop-copy takes it.
      if (!(error instanceof VenueError)) throw error;
    }
  }

  #disconnected(): void {
    this.#isConnected = false;
    this.#reconciler.require("The venue's news of the account broke off");
  }
}
