import type { VenueNews } from "../gateway/port.ts";
import type { ConnectionMarket } from "./connection.ts";
import type { CcxtRecord } from "./library.ts";
import { ORDERS_REMEMBERED, TRADES_REMEMBERED } from "./limits.ts";
import { toOrder, toTrade } from "./reading.ts";

/**
 * Makes news of what a library tells and keeps, which is the same twice: of
 * orders what is new, of trades each one once.
 */
export class HeardNews {
  readonly #options: {
    trades: HeardTrades;
    onNews(news: VenueNews): void;
  };
  /** What was told last of each order, by the venue's id. */
  readonly #told = new Map<string, string>();

  constructor(options: {
    /** What sessions before this one have told, too. */
    trades: HeardTrades;
    onNews(news: VenueNews): void;
  }) {
    this.#options = options;
  }

  order(record: CcxtRecord, market: ConnectionMarket): void {
    const order = toOrder(record, market);
    const { venueOrderId, clientOrderId, status, filled, symbol } = order;
    const key = `${symbol} ${venueOrderId}`;
    const said = `${clientOrderId} ${status} ${filled}`;
    if (this.#told.get(key) === said) return;
    this.#told.delete(key);
    this.#told.set(key, said);
    if (this.#told.size > ORDERS_REMEMBERED) {
      this.#told.delete(this.#told.keys().next().value!);
    }
    this.#options.onNews({ type: "order", order });
  }

  trade(record: CcxtRecord, market: ConnectionMarket): void {
    const { trades, onNews } = this.#options;
    const key = `${market.symbol} ${record.id}`;
    if (trades.has(key)) return;
    const trade = toTrade(record, market);
    if (trade === null) return;
    trades.add(key);
    onNews({ type: "trade", trade });
  }
}

/** Trades that were told; the oldest is forgotten. */
export class HeardTrades {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    this.#keys.add(key);
    if (this.#keys.size <= TRADES_REMEMBERED) return;
    this.#keys.delete(this.#keys.values().next().value!);
  }
}
