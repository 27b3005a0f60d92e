/**
 * Matching of one half of the venue: orders trade with the top of the book,
 * resting ones when the price comes to them, stops when the last price does.
 *
 * @module
 */
import type { VenueClock } from "../clock.ts";
import type { Market } from "../market/market.ts";
import type { MarketKind } from "../market/specs.ts";
import { floorTo, least, times } from "../money/units.ts";
import { Refusal } from "../refusal.ts";
import { checkEntry, crosses, isTriggered } from "./entry_rules.ts";
import { acceptOrder } from "./accept_order.ts";
import type { Emit, Execution } from "./events.ts";
import { checkCounts, checkFilters } from "./filters.ts";
import {
  type Hold,
  isOpen,
  isPriced,
  type NewOrder,
  NO_BEND,
  type Order,
  type OrderBend,
  remainingOf,
  type Trade,
} from "./order.ts";
import { OrderStore } from "./order_store.ts";
import type { Settlement } from "./settlement.ts";

export interface EngineOptions {
  kind: MarketKind;
  markets: ReadonlyMap<string, Market>;
  clock: VenueClock;
  settlement: Settlement;
  orders: OrderStore;
  emit: Emit;
}

/** See the module. */
export class Engine {
  readonly kind: MarketKind;
  readonly orders: OrderStore;
  readonly #options: EngineOptions;

  constructor(options: EngineOptions) {
    this.kind = options.kind;
    this.orders = options.orders;
    this.#options = options;
  }

  /** @throws {Refusal} -1121 if there is no such market. */
  market(symbol: string): Market {
    const market = this.#options.markets.get(symbol);
    if (market === undefined) throw new Refusal(-1121, "Invalid symbol.");
    return market;
  }

  markets(): Market[] {
    return [...this.#options.markets.values()];
  }

  /**
   * Takes an order, and fills what can be filled at once.
   *
   * @throws {Refusal} And nothing has changed.
   */
  place(
    request: NewOrder,
    { bend = NO_BEND, hold = null }: {
      bend?: OrderBend;
      /** Of the other leg of an order list. */
      hold?: Hold | null;
    } = {},
  ): Order {
    const market = this.market(request.symbol);
    if (request.type !== "LIQUIDATION") {
      checkFilters(request, market);
      checkCounts(request, this.orders.open(request.symbol), this.kind);
    }
    this.#checkClientId(request);
    checkEntry(request, market);
    const order = acceptOrder(request, {
      id: this.orders.nextOrderId(),
      spec: market.spec,
      now: this.#options.clock.now(),
      bend,
      hold,
    });
    if (hold === null) this.#options.settlement.admit(order, market);
    this.#checkFillOrKill(order, market);
    this.orders.add(order);
    this.#tell(order, "NEW");
    if (order.isWorking) this.#run(order, market, false);
    this.#tellAccount(order);
    if (order.filled > 0n) this.#options.emit({ type: "top", market });
    if (order.fillableNow !== null) {
      this.#options.clock.after(bend.restAfterMs, () => this.#unbend(order));
    }
    return order;
  }

  /** Cancels an open order; the other leg of its list too. */
  cancel(order: Order): void {
    this.#end(order, "CANCELED");
    for (const leg of this.#siblings(order)) this.#end(leg, "CANCELED");
    this.#tellAccount(order);
  }

  /** To be called when a price has moved: fills and triggers what waits. */
  onMove(symbol: string): void {
    const market = this.market(symbol);
    for (const order of this.orders.open(symbol)) {
      if (!isOpen(order)) continue;
      if (order.isWorking) {
        if (!crosses(order, market)) continue;
        // Without a price it can only be one that a fault holds back.
        this.#run(order, market, isPriced(order.type));
      } else if (isTriggered(order, market.last)) {
        order.isWorking = true;
        for (const leg of this.#siblings(order)) this.#end(leg, "EXPIRED");
        this.#run(order, market, false);
      } else continue;
      this.#tellAccount(order);
    }
    this.#options.emit({ type: "top", market });
  }

  #checkClientId({ symbol, clientOrderId }: NewOrder): void {
    const held = this.orders.byClientId(symbol, clientOrderId);
    if (held === null || !isOpen(held)) return;
    throw this.kind === "spot"
      ? new Refusal(-2010, "Duplicate order sent.")
      : new Refusal(-4116, "ClientOrderId is duplicated.");
  }

  /** Perpetuals refuse what spot takes and lets expire. */
  #checkFillOrKill(order: Order, market: Market): void {
    if (this.kind !== "futures" || order.timeInForce !== "FOK") return;
    const isComplete = crosses(order, market) &&
      this.#fillable(order, market, false) === order.quantity;
    if (isComplete) return;
    throw new Refusal(
      -5021,
      "Due to the order could not be filled immediately, the FOK order has been rejected.",
    );
  }

  #run(order: Order, market: Market, isMaker: boolean): void {
    const canCross = crosses(order, market);
    const isComplete = canCross &&
      this.#fillable(order, market, isMaker) === remainingOf(order);
    if (order.timeInForce === "FOK" && !isComplete) {
      return this.#end(order, "EXPIRED");
    }
    if (canCross) this.#fill(order, market, isMaker);
    const mayRest = isPriced(order.type) && order.timeInForce !== "IOC" ||
      order.fillableNow !== null;
    const isUseless = order.reduceOnly &&
      this.#options.settlement.affordable(order, market.last) === 0n;
    if (isOpen(order) && (!mayRest || isUseless)) this.#end(order, "EXPIRED");
  }

  #fillable(order: Order, market: Market, isMaker: boolean): bigint {
    const { top } = market;
    const isBuy = order.side === "BUY";
    const price = isMaker ? order.price : isBuy ? top.ask : top.bid;
    const size = isBuy ? top.askSize : top.bidSize;
    let quantity = least(
      remainingOf(order),
      this.#options.settlement.affordable(order, price),
    );
    if (order.type !== "LIQUIDATION") quantity = least(quantity, size);
    if (order.fillableNow !== null) {
      quantity = least(quantity, order.fillableNow - order.filled);
    }
    return floorTo(quantity, market.spec.step);
  }

  #fill(order: Order, market: Market, isMaker: boolean): void {
    const quantity = this.#fillable(order, market, isMaker);
    if (quantity <= 0n) return;
    const { top } = market;
    const price = isMaker
      ? order.price
      : order.side === "BUY"
      ? top.ask
      : top.bid;
    const id = this.orders.nextTradeId();
    const charge = this.#options.settlement.settle(order, {
      quantity,
      price,
      isMaker,
      tradeId: id,
    });
    if (order.type !== "LIQUIDATION") market.take(order.side, quantity);
    const trade = {
      id,
      orderId: order.id,
      clientOrderId: order.clientOrderId,
      symbol: order.symbol,
      side: order.side,
      price,
      quantity,
      quote: times(quantity, price),
      ...charge,
      isMaker,
      at: this.#options.clock.now(),
    };
    order.filled += quantity;
    order.filledQuote += trade.quote;
    order.updatedAt = trade.at;
    order.trades.push(trade);
    this.orders.addTrade(trade);
    const isDone = remainingOf(order) === 0n;
    order.status = isDone ? "FILLED" : "PARTIALLY_FILLED";
    if (isDone) this.#close(order);
    if (this.kind === "futures") this.#tellAccount(order, true);
    this.#tell(
      order,
      order.type === "LIQUIDATION" ? "CALCULATED" : "TRADE",
      trade,
    );
    for (const leg of this.#siblings(order)) this.#end(leg, "EXPIRED");
  }

  #unbend(order: Order): void {
    order.fillableNow = null;
    if (!isOpen(order)) return;
    this.#run(order, this.market(order.symbol), false);
    this.#tellAccount(order);
  }

  #siblings(order: Order): Order[] {
    if (order.listId < 0) return [];
    return this.orders.open(order.symbol).filter((other) =>
      other.listId === order.listId && other !== order
    );
  }

  #end(order: Order, status: "CANCELED" | "EXPIRED"): void {
    order.status = status;
    order.updatedAt = this.#options.clock.now();
    this.#close(order);
    this.#tell(order, status);
  }

  #close(order: Order): void {
    this.orders.close(order);
    const isShared = this.#siblings(order).some((leg) =>
      leg.hold === order.hold
    );
    if (!isShared) this.#options.settlement.release(order);
  }

  #tell(
    order: Order,
    execution: Execution,
    trade: Trade | null = null,
  ): void {
    this.#options.emit({
      type: "order",
      kind: this.kind,
      order: { ...order },
      execution,
      trade,
    });
  }

  /** Spot tells of every change, also of what is locked; perpetuals only of fills. */
  #tellAccount(order: Order, isFill = false): void {
    if (this.kind === "futures" && !isFill) return;
    this.#options.emit({
      type: "account",
      kind: this.kind,
      reason: "ORDER",
      assets: this.#options.settlement.assetsOf(order),
      symbols: [order.symbol],
    });
  }
}
