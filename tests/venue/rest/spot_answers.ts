import type { Order, Trade } from "../engine/order.ts";
import { remainingOf } from "../engine/order.ts";
import { toText } from "../money/units.ts";
import type { VenueState } from "../state.ts";

/** A spot order as queries tell it. */
export function spotOrder(order: Order): Record<string, unknown> {
  return {
    symbol: order.symbol,
    orderId: order.id,
    orderListId: order.listId,
    clientOrderId: order.clientOrderId,
    price: toText(order.price),
    origQty: toText(order.quantity),
    executedQty: toText(order.filled),
    origQuoteOrderQty: "0.00000000",
    cummulativeQuoteQty: toText(order.filledQuote),
    status: order.status,
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side,
    stopPrice: toText(order.stopPrice),
    icebergQty: "0.00000000",
    time: order.createdAt,
    updateTime: order.updatedAt,
    isWorking: order.isWorking,
    workingTime: order.createdAt,
    selfTradePreventionMode: "EXPIRE_MAKER",
  };
}

/** The answer to a new order, in one of Binance's three lengths. */
export function spotAck(order: Order, length: string | null): unknown {
  const ack = {
    symbol: order.symbol,
    orderId: order.id,
    orderListId: order.listId,
    clientOrderId: order.clientOrderId,
    transactTime: order.updatedAt,
  };
  if (length === "ACK") return ack;
  const { time: _time, updateTime: _updateTime, ...result } = spotOrder(order);
  if (length === "RESULT") return { ...result, ...ack };
  return { ...result, ...ack, fills: order.trades.map(fill) };
}

/** The answer to a cancel; the order's own id moves to `origClientOrderId`. */
export function spotCanceled(order: Order, cancelId: string): unknown {
  return {
    ...spotOrder(order),
    origClientOrderId: order.clientOrderId,
    clientOrderId: cancelId,
    transactTime: order.updatedAt,
  };
}

/** A trade as `myTrades` tells it. */
export function spotTrade(trade: Trade): unknown {
  return {
    symbol: trade.symbol,
    id: trade.id,
    orderId: trade.orderId,
    orderListId: -1,
    price: toText(trade.price),
    qty: toText(trade.quantity),
    quoteQty: toText(trade.quote),
    commission: toText(trade.fee),
    commissionAsset: trade.feeAsset,
    time: trade.at,
    isBuyer: trade.side === "BUY",
    isMaker: trade.isMaker,
    isBestMatch: true,
  };
}

/** The spot account. */
export function spotAccount(venue: VenueState): unknown {
  const { spot } = venue.ledgers;
  return {
    makerCommission: 10,
    takerCommission: 10,
    buyerCommission: 0,
    sellerCommission: 0,
    canTrade: true,
    canWithdraw: venue.rights.enableWithdrawals,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: venue.clock.now(),
    accountType: "SPOT",
    balances: spot.assets().map((asset) => ({
      asset,
      free: toText(spot.balance("free", asset)),
      locked: toText(spot.balance("locked", asset)),
    })),
    permissions: ["SPOT"],
    uid: venue.accountId,
  };
}

/** An order list (OCO) and its legs. */
export function orderList(legs: readonly Order[]): Record<string, unknown> {
  const [first] = legs;
  const isDone = legs.every((leg) =>
    remainingOf(leg) === 0n || !["NEW", "PARTIALLY_FILLED"].includes(leg.status)
  );
  return {
    orderListId: first!.listId,
    contingencyType: "OCO",
    listStatusType: isDone ? "ALL_DONE" : "EXEC_STARTED",
    listOrderStatus: isDone ? "ALL_DONE" : "EXECUTING",
    listClientOrderId: `list-${first!.listId}`,
    transactionTime: first!.createdAt,
    symbol: first!.symbol,
    orders: legs.map((leg) => ({
      symbol: leg.symbol,
      orderId: leg.id,
      clientOrderId: leg.clientOrderId,
    })),
  };
}

function fill(trade: Trade): unknown {
  return {
    price: toText(trade.price),
    qty: toText(trade.quantity),
    commission: toText(trade.fee),
    commissionAsset: trade.feeAsset,
    tradeId: trade.id,
  };
}
