import { ORDERS_KEPT_MAX, TRADES_KEPT_MAX } from "../limits.ts";
import { isOpen, type Order, type Trade } from "./order.ts";

/** Orders and trades of one half of the venue. */
export class OrderStore {
  readonly #orders = new Map<number, Order>();
  /** The newest order of each client id. */
  readonly #byClientId = new Map<string, Order>();
  readonly #open = new Set<Order>();
  readonly #trades: Trade[] = [];
  #nextOrderId: number;
  #nextTradeId = 1;
  #nextListId = 1;

  constructor(firstOrderId: number) {
    this.#nextOrderId = firstOrderId;
  }

  nextOrderId(): number {
    return this.#nextOrderId++;
  }

  nextTradeId(): number {
    return this.#nextTradeId++;
  }

  nextListId(): number {
    return this.#nextListId++;
  }

  add(order: Order): void {
    this.#orders.set(order.id, order);
    this.#byClientId.set(clientKey(order.symbol, order.clientOrderId), order);
    this.#open.add(order);
    if (this.#orders.size > ORDERS_KEPT_MAX) this.#forgetOldest();
  }

  /** To be called when an order has ended. */
  close(order: Order): void {
    this.#open.delete(order);
  }

  addTrade(trade: Trade): void {
    if (this.#trades.length >= TRADES_KEPT_MAX) this.#trades.shift();
    this.#trades.push(trade);
  }

  byId(id: number): Order | null {
    return this.#orders.get(id) ?? null;
  }

  /** The newest order with a client id. Only among open orders is an id unique: a filled one's may come again. */
  byClientId(symbol: string, clientOrderId: string): Order | null {
    return this.#byClientId.get(clientKey(symbol, clientOrderId)) ?? null;
  }

  open(symbol?: string): Order[] {
    const open = [...this.#open];
    return symbol === undefined
      ? open
      : open.filter((order) => order.symbol === symbol);
  }

  all(): Order[] {
    return [...this.#orders.values()];
  }

  trades(): readonly Trade[] {
    return this.#trades;
  }

  #forgetOldest(): void {
    for (const [id, order] of this.#orders) {
      if (isOpen(order)) continue;
      this.#orders.delete(id);
      const key = clientKey(order.symbol, order.clientOrderId);
      if (this.#byClientId.get(key) === order) this.#byClientId.delete(key);
      return;
    }
  }
}

function clientKey(symbol: string, clientOrderId: string): string {
  return `${symbol} ${clientOrderId}`;
}
