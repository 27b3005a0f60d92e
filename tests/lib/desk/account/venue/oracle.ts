import assert from "node:assert/strict";
import type {
  VenueOrder,
  VenueOrderRequest,
  VenueProfile,
  VenueTrade,
} from "../../../../../lib/contracts/venue.ts";
import {
  type Decimal,
  decimal,
  floorToStep,
  minDecimal,
  toDecimalText,
  ZERO,
} from "../../../../../lib/core/decimal.ts";
import type { VenueCommand } from "../../../../../lib/desk/venue/port.ts";

/** An order as the oracle has it. */
export interface OracleOrder {
  orderId: string;
  request: VenueOrderRequest;
  /** Whether the venue took it. */
  isTaken: boolean;
  isOpen: boolean;
  filled: Decimal;
}

/** What is true at the venue; the account hears of it only by reports. */
export class Oracle {
  readonly orders: OracleOrder[] = [];
  readonly trades: VenueTrade[] = [];
  readonly #profile: VenueProfile;

  constructor(profile: VenueProfile) {
    this.#profile = profile;
  }

  /** Signed quantity that its trades add up to. */
  get position(): Decimal {
    return foldTrades(this.trades);
  }

  /** Takes a request, or loses it on the way. An order is sent once. */
  create(
    { orderId, request }: Extract<VenueCommand, { type: "create" }>,
    { isTaken }: { isTaken: boolean },
  ): OracleOrder {
    for (const { request: before } of this.orders) {
      assert.notEqual(before.clientOrderId, request.clientOrderId);
    }
    assert.ok(!this.orders.some((order) => order.orderId === orderId));
    this.#checkSale(request);
    const order = {
      orderId,
      request,
      isTaken,
      isOpen: isTaken,
      filled: ZERO,
    };
    this.orders.push(order);
    return order;
  }

  find(orderId: string): OracleOrder | null {
    return this.orders.find((order) => order.orderId === orderId) ?? null;
  }

  /** Fills some of an open order, as far as it may reduce. */
  fill(
    order: OracleOrder,
    { share, at }: { share: number; at: number },
  ): VenueTrade | null {
    if (!order.isOpen) return null;
    const { request } = order;
    const step = decimal("0.001");
    const left = decimal(request.quantity).minus(order.filled);
    let quantity = share >= 1
      ? left
      : floorToStep(left.times(decimal(share.toFixed(3))), step);
    if (request.reduceOnly) {
      const { position } = this;
      const isReducing = position.times(request.side === "sell" ? 1 : -1)
        .gt(ZERO);
      quantity = isReducing ? minDecimal(quantity, position.abs()) : ZERO;
    }
    if (quantity.lte(ZERO)) return null;
    order.filled = order.filled.plus(quantity);
    if (order.filled.gte(decimal(request.quantity))) order.isOpen = false;
    const trade: VenueTrade = {
      tradeId: `t${this.trades.length}`,
      venueOrderId: `v-${request.clientOrderId}`,
      clientOrderId: request.clientOrderId,
      symbol: request.symbol,
      side: request.side,
      price: request.price ?? request.triggerPrice ?? "100",
      quantity: toDecimalText(quantity),
      fee: "0.01",
      feeCurrency: "USDT",
      liquidity: "taker",
      at,
    };
    this.trades.push(trade);
    return trade;
  }

  /** What a query says of an order. */
  stateOf({ request, isOpen, filled }: OracleOrder): VenueOrder {
    const isFilled = filled.gte(decimal(request.quantity));
    return {
      clientOrderId: request.clientOrderId,
      venueOrderId: `v-${request.clientOrderId}`,
      symbol: request.symbol,
      side: request.side,
      type: request.type,
      price: request.price,
      triggerPrice: request.triggerPrice,
      quantity: request.quantity,
      filled: toDecimalText(filled),
      status: isOpen ? "open" : isFilled ? "filled" : "canceled",
      reduceOnly: request.reduceOnly,
      at: null,
    };
  }

  /** Of spot nothing is sold that is not held, or that another order locks. */
  #checkSale({ side, quantity, clientOrderId }: VenueOrderRequest): void {
    if (this.#profile.market !== "spot" || side !== "sell") return;
    const locked = this.orders
      .filter(({ isOpen, request }) => isOpen && request.side === "sell")
      .reduce(
        (sum, { request, filled }) =>
          sum.plus(decimal(request.quantity)).minus(filled),
        ZERO,
      );
    assert.ok(
      this.position.minus(locked).gte(decimal(quantity)),
      `${clientOrderId} sells ${quantity} of ${
        toDecimalText(this.position)
      } with ${toDecimalText(locked)} locked`,
    );
  }
}

/** Signed quantity of some trades, each of them once. */
export function foldTrades(trades: Iterable<VenueTrade>): Decimal {
  const seen = new Set<string>();
  let sum = ZERO;
  for (const { tradeId, side, quantity } of trades) {
    if (seen.has(tradeId)) continue;
    seen.add(tradeId);
    sum = side === "buy"
      ? sum.plus(decimal(quantity))
      : sum.minus(decimal(quantity));
  }
  return sum;
}
