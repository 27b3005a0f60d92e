import type { Answer } from "./venue_server.ts";

const FILTERS = [
  { filterType: "PRICE_FILTER", minPrice: "0.10", tickSize: "0.10" },
  {
    filterType: "LOT_SIZE",
    minQty: "0.00010000",
    maxQty: "1000.00000000",
    stepSize: "0.00010000",
  },
  { filterType: "NOTIONAL", minNotional: "5.00000000" },
  { filterType: "MIN_NOTIONAL", notional: "5" },
];

const ORDER_TYPES = [
  "LIMIT",
  "LIMIT_MAKER",
  "MARKET",
  "STOP_LOSS",
  "STOP_MARKET",
];

/** BTC/USDT as both halves of Binance describe it. */
const SYMBOL = {
  symbol: "BTCUSDT",
  pair: "BTCUSDT",
  status: "TRADING",
  baseAsset: "BTC",
  quoteAsset: "USDT",
  marginAsset: "USDT",
  contractType: "PERPETUAL",
  orderTypes: ORDER_TYPES,
  filters: FILTERS,
  isSpotTradingAllowed: true,
  permissions: ["SPOT"],
};

const { contractType: _1, marginAsset: _2, ...SPOT_SYMBOL } = SYMBOL;

/** What an order of the tests looks like to Binance. */
export function binanceOrder(params: Record<string, string>): unknown {
  return {
    symbol: params.symbol,
    orderId: 28,
    clientOrderId: params.newClientOrderId ?? params.origClientOrderId,
    transactTime: 1_700_000_000_000,
    updateTime: 1_700_000_000_000,
    price: params.price ?? "0",
    origQty: params.quantity ?? "0.01",
    executedQty: "0",
    cummulativeQuoteQty: "0",
    status: "NEW",
    timeInForce: params.timeInForce ?? "GTC",
    type: params.type ?? "LIMIT",
    side: params.side ?? "BUY",
    reduceOnly: params.reduceOnly === "true",
    ...(params.stopPrice === undefined ? {} : { stopPrice: params.stopPrice }),
  };
}

/** Spot, with what every gateway asks when it opens. */
export const SPOT_ANSWERS: Record<string, Answer> = {
  "GET /api/v3/time": () => ({ serverTime: Date.now() }),
  "GET /api/v3/exchangeInfo": () => ({ symbols: [SPOT_SYMBOL] }),
  "POST /api/v3/order": ({ body }) =>
    binanceOrder(Object.fromEntries(new URLSearchParams(body))),
  "GET /api/v3/order": ({ query }) =>
    binanceOrder(Object.fromEntries(new URLSearchParams(query))),
  "DELETE /api/v3/order": ({ query }) => ({
    ...binanceOrder(Object.fromEntries(new URLSearchParams(query))) as object,
    status: "CANCELED",
    executedQty: "0.004",
  }),
  "GET /api/v3/account": () => ({
    balances: [
      { asset: "BTC", free: "0.5", locked: "0.25" },
      { asset: "USDT", free: "100", locked: "0" },
      { asset: "BNB", free: "0", locked: "0" },
    ],
  }),
};

/** USD-M futures. */
export const SWAP_ANSWERS: Record<string, Answer> = {
  "GET /fapi/v1/time": () => ({ serverTime: Date.now() }),
  "GET /fapi/v1/exchangeInfo": () => ({ symbols: [SYMBOL] }),
  "POST /fapi/v1/order": SPOT_ANSWERS["POST /api/v3/order"]!,
  "GET /fapi/v1/order": SPOT_ANSWERS["GET /api/v3/order"]!,
  "POST /fapi/v1/algoOrder": ({ body }) => {
    const params = new URLSearchParams(body);
    return {
      algoId: 77,
      clientAlgoId: params.get("clientAlgoId"),
      algoType: "CONDITIONAL",
      orderType: "STOP_MARKET",
      symbol: "BTCUSDT",
      side: params.get("side"),
      quantity: params.get("quantity"),
      triggerPrice: params.get("triggerPrice"),
      algoStatus: "NEW",
      reduceOnly: true,
      createTime: 1_700_000_000_000,
      updateTime: 1_700_000_000_000,
    };
  },
};
