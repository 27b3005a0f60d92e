import type { AlgoOrder } from "../engine/algo_orders.ts";
import { MARGIN_ASSET } from "../engine/futures_account.ts";
import type { Order, Trade } from "../engine/order.ts";
import type { Market } from "../market/market.ts";
import { entryPrice, type Position, unrealized } from "../money/positions.ts";
import { over, toText } from "../money/units.ts";
import type { VenueState } from "../state.ts";

/** An ordinary futures order. */
export function futuresOrder(order: Order): Record<string, unknown> {
  const average = order.filled === 0n
    ? 0n
    : over(order.filledQuote, order.filled);
  return {
    orderId: order.id,
    symbol: order.symbol,
    status: order.status,
    clientOrderId: order.clientOrderId,
    price: toText(order.price),
    avgPrice: toText(average),
    origQty: toText(order.quantity),
    executedQty: toText(order.filled),
    cumQty: toText(order.filled),
    cumQuote: toText(order.filledQuote),
    timeInForce: order.timeInForce,
    type: order.type,
    reduceOnly: order.reduceOnly,
    closePosition: false,
    side: order.side,
    positionSide: "BOTH",
    stopPrice: "0",
    workingType: "CONTRACT_PRICE",
    priceProtect: false,
    origType: order.type,
    priceMatch: "NONE",
    selfTradePreventionMode: "EXPIRE_MAKER",
    goodTillDate: 0,
    time: order.createdAt,
    updateTime: order.updatedAt,
  };
}

/** A conditional order. */
export function algoOrder(algo: AlgoOrder): Record<string, unknown> {
  const { actual } = algo;
  return {
    algoId: algo.id,
    clientAlgoId: algo.clientAlgoId,
    algoType: "CONDITIONAL",
    orderType: algo.type,
    symbol: algo.symbol,
    side: algo.side,
    positionSide: "BOTH",
    timeInForce: "GTC",
    quantity: toText(algo.quantity),
    algoStatus: algo.status,
    triggerPrice: toText(algo.triggerPrice),
    price: toText(algo.price),
    icebergQuantity: null,
    selfTradePreventionMode: "EXPIRE_MAKER",
    workingType: "CONTRACT_PRICE",
    priceMatch: "NONE",
    closePosition: algo.closePosition,
    priceProtect: false,
    reduceOnly: algo.reduceOnly,
    createTime: algo.createdAt,
    updateTime: algo.updatedAt,
    triggerTime: algo.triggeredAt,
    goodTillDate: 0,
    actualOrderId: actual === null ? "" : String(actual.id),
    actualPrice: actual === null || actual.filled === 0n
      ? "0"
      : toText(over(actual.filledQuote, actual.filled)),
  };
}

/** A trade as `userTrades` tells it; it names no client id, as at Binance. */
export function futuresTrade(trade: Trade): unknown {
  return {
    buyer: trade.side === "BUY",
    commission: toText(trade.fee),
    commissionAsset: trade.feeAsset,
    id: trade.id,
    maker: trade.isMaker,
    orderId: trade.orderId,
    price: toText(trade.price),
    qty: toText(trade.quantity),
    quoteQty: toText(trade.quote),
    realizedPnl: toText(trade.realized),
    side: trade.side,
    positionSide: "BOTH",
    symbol: trade.symbol,
    time: trade.at,
  };
}

/** One position of `positionRisk`: the newer version leaves leverage and margin type out. */
export function positionRisk(
  venue: VenueState,
  position: Position,
  version: "v2" | "v3",
): Record<string, unknown> {
  const { account } = venue;
  const mark = account.mark(position.symbol);
  const margin = toText(account.positionMargin(position));
  const isIsolated = position.marginType === "isolated";
  return {
    symbol: position.symbol,
    positionSide: "BOTH",
    positionAmt: toText(position.quantity),
    entryPrice: toText(entryPrice(position)),
    breakEvenPrice: toText(entryPrice(position)),
    markPrice: toText(mark),
    unRealizedProfit: toText(unrealized(position, mark)),
    liquidationPrice: toText(account.liquidationPrice(position)),
    isolatedMargin: isIsolated ? margin : "0",
    notional: toText(account.notional(position)),
    isolatedWallet: isIsolated ? margin : "0",
    updateTime: position.updatedAt,
    ...(version === "v2"
      ? {
        leverage: String(position.leverage),
        maxNotionalValue: "20000000",
        marginType: position.marginType,
        isAutoAddMargin: "false",
      }
      : {
        marginAsset: MARGIN_ASSET,
        initialMargin: margin,
        maintMargin: toText(account.maintenance(position)),
        positionInitialMargin: margin,
        openOrderInitialMargin: "0",
        adl: 2,
        bidNotional: "0",
        askNotional: "0",
      }),
  };
}

/** The margin account, with assets and positions. */
export function futuresAccount(
  venue: VenueState,
  version: "v2" | "v3",
): Record<string, unknown> {
  const { account } = venue;
  const held = account.positions().filter(({ quantity }) => quantity !== 0n);
  const sum = (amountOf: (position: Position) => bigint) =>
    held.reduce((total, position) => total + amountOf(position), 0n);
  const positionMargin = sum((position) => account.positionMargin(position));
  const orderMargin = account.orderMargin();
  const totals = {
    initialMargin: toText(positionMargin + orderMargin),
    maintMargin: toText(sum((position) => account.maintenance(position))),
    positionInitialMargin: toText(positionMargin),
    openOrderInitialMargin: toText(orderMargin),
    crossWalletBalance: toText(account.wallet),
    availableBalance: toText(account.available()),
    maxWithdrawAmount: toText(account.available()),
  };
  const profit = account.unrealizedTotal();
  return {
    canTrade: true,
    canDeposit: true,
    canWithdraw: venue.rights.enableWithdrawals,
    feeTier: 0,
    multiAssetsMargin: false,
    updateTime: venue.clock.now(),
    totalInitialMargin: totals.initialMargin,
    totalMaintMargin: totals.maintMargin,
    totalWalletBalance: toText(account.wallet),
    totalUnrealizedProfit: toText(profit),
    totalMarginBalance: toText(account.wallet + profit),
    availableBalance: totals.availableBalance,
    assets: [{
      asset: MARGIN_ASSET,
      walletBalance: toText(account.wallet),
      unrealizedProfit: toText(profit),
      marginBalance: toText(account.wallet + profit),
      crossUnPnl: toText(profit),
      marginAvailable: true,
      updateTime: venue.clock.now(),
      ...totals,
    }],
    positions: held.map((position) => positionRisk(venue, position, version)),
  };
}

/** Margin brackets: one, the lowest. */
export function leverageBracket(market: Market): unknown {
  return {
    symbol: market.spec.id,
    notionalCoef: 1,
    brackets: [{
      bracket: 1,
      initialLeverage: 125,
      notionalCap: 1_000_000_000,
      notionalFloor: 0,
      maintMarginRatio: 0.004,
      cum: 0,
    }],
  };
}
