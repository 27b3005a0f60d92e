import type { Market } from "../market/market.ts";
import type { Ledger } from "../money/ledger.ts";
import { flatPosition, type Position, unrealized } from "../money/positions.ts";
import { magnitude, over, times, units } from "../money/units.ts";
import type { Order } from "./order.ts";
import { remainingOf } from "./order.ts";
import type { OrderStore } from "./order_store.ts";

/** Maintenance margin of the lowest bracket, as a share of the notional. */
export const MAINTENANCE_RATE = units("0.004");

/** Currency of all perpetuals here. */
export const MARGIN_ASSET = "USDT";

/** Positions and margin of the futures half. One-way mode. */
export class FuturesAccount {
  readonly ledger: Ledger;
  readonly #markets: ReadonlyMap<string, Market>;
  readonly #orders: OrderStore;
  readonly #positions = new Map<string, Position>();

  constructor(
    options: {
      ledger: Ledger;
      markets: ReadonlyMap<string, Market>;
      orders: OrderStore;
    },
  ) {
    this.ledger = options.ledger;
    this.#markets = options.markets;
    this.#orders = options.orders;
  }

  position(symbol: string): Position {
    let position = this.#positions.get(symbol);
    if (position === undefined) {
      position = flatPosition(symbol);
      this.#positions.set(symbol, position);
    }
    return position;
  }

  positions(): Position[] {
    return [...this.#markets.keys()].map((symbol) => this.position(symbol));
  }

  get wallet(): bigint {
    return this.ledger.balance("wallet", MARGIN_ASSET);
  }

  mark(symbol: string): bigint {
    return this.#markets.get(symbol)!.mark;
  }

  unrealizedTotal(): bigint {
    return this.#sum((position) =>
      unrealized(position, this.mark(position.symbol))
    );
  }

  notional(position: Position): bigint {
    return times(position.quantity, this.mark(position.symbol));
  }

  positionMargin(position: Position): bigint {
    return magnitude(this.notional(position)) / BigInt(position.leverage);
  }

  maintenance(position: Position): bigint {
    return times(magnitude(this.notional(position)), MAINTENANCE_RATE);
  }

  /** Margin that open orders would need beyond closing what is held. */
  orderMargin(): bigint {
    return this.#orders.open().reduce(
      (sum, order) => sum + this.marginFor(order, order.price),
      0n,
    );
  }

  /** Free for new positions. */
  available(): bigint {
    const used = this.#sum((position) => this.positionMargin(position));
    return this.wallet + this.unrealizedTotal() - used - this.orderMargin();
  }

  /** Initial margin of the part of an order that would open or enlarge a position. */
  marginFor(order: Order, price: bigint): bigint {
    if (order.reduceOnly) return 0n;
    const position = this.position(order.symbol);
    const isReducing = position.quantity !== 0n &&
      (position.quantity > 0n) !== (order.side === "BUY");
    const held = isReducing ? magnitude(position.quantity) : 0n;
    const left = remainingOf(order);
    const opening = left > held ? left - held : 0n;
    return times(opening, price) / BigInt(position.leverage);
  }

  /**
   * Price at which the position would be liquidated with all else as it is: 0 if
   * flat or if no price above 0 would do. From margin + q·(p − entry) = |q|·p·rate.
   */
  liquidationPrice(position: Position): bigint {
    const { quantity, cost } = position;
    if (quantity === 0n) return 0n;
    const margin = position.marginType === "isolated"
      ? magnitude(cost) / BigInt(position.leverage)
      : this.wallet;
    const divisor = quantity - times(magnitude(quantity), MAINTENANCE_RATE);
    const price = over(cost - margin, divisor);
    return price > 0n ? price : 0n;
  }

  /** Symbols whose position must be liquidated at the present mark prices. */
  breaches(): string[] {
    const open = this.positions().filter(({ quantity }) => quantity !== 0n);
    const isolated = open.filter((position) =>
      position.marginType === "isolated" &&
      magnitude(position.cost) / BigInt(position.leverage) +
            unrealized(position, this.mark(position.symbol)) <
        this.maintenance(position)
    );
    const cross = open.filter(({ marginType }) => marginType === "cross");
    const equity = cross.reduce(
      (sum, position) => sum + unrealized(position, this.mark(position.symbol)),
      this.wallet,
    );
    const needed = cross.reduce(
      (sum, position) => sum + this.maintenance(position),
      0n,
    );
    return [...isolated, ...(equity < needed ? cross : [])].map((position) =>
      position.symbol
    );
  }

  #sum(amountOf: (position: Position) => bigint): bigint {
    return this.positions().reduce(
      (sum, position) => sum + amountOf(position),
      0n,
    );
  }
}
