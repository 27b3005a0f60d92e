import type { Answer } from "./venue_server.ts";

/** Bybit's answers wrap everything. */
export function bybit(result: unknown, retCode = 0, retMsg = "OK"): unknown {
  return { retCode, retMsg, result, retExtInfo: {}, time: Date.now() };
}

const BYBIT_MARKET = {
  symbol: "BTCUSDT",
  baseCoin: "BTC",
  quoteCoin: "USDT",
  settleCoin: "USDT",
  status: "Trading",
  contractType: "LinearPerpetual",
  launchTime: "1585526400000",
  deliveryTime: "0",
  lotSizeFilter: {
    basePrecision: "0.0001",
    quotePrecision: "0.0000001",
    minOrderQty: "0.001",
    maxOrderQty: "100",
    minOrderAmt: "5",
    qtyStep: "0.001",
    minNotionalValue: "5",
  },
  priceFilter: { tickSize: "0.10", minPrice: "0.10", maxPrice: "199999" },
  leverageFilter: { minLeverage: "1", maxLeverage: "100" },
};

/** Bybit with a unified account. */
export const BYBIT_ANSWERS: Record<string, Answer> = {
  "GET /v5/market/time": () =>
    bybit({ timeSecond: String(Math.floor(Date.now() / 1_000)) }),
  "GET /v5/market/instruments-info": ({ query }) =>
    bybit({
      category: new URLSearchParams(query).get("category"),
      list: [BYBIT_MARKET],
      nextPageCursor: "",
    }),
  "GET /v5/user/query-api": () =>
    bybit({
      userID: 24_617_703,
      uta: 1,
      unified: 0,
      readOnly: 0,
      ips: ["*"],
      permissions: {
        Spot: ["SpotTrade"],
        ContractTrade: ["Order", "Position"],
        Wallet: ["AccountTransfer"],
      },
    }),
  "GET /v5/account/info": () => bybit({ unifiedMarginStatus: 5 }),
  "POST /v5/order/create": ({ body }) =>
    bybit({ orderId: "u-1", orderLinkId: JSON.parse(body).orderLinkId }),
};

/** OKX, with perpetuals of a hundredth of a coin. */
export const OKX_ANSWERS: Record<string, Answer> = {
  "GET /api/v5/public/time": () => ({
    code: "0",
    msg: "",
    data: [{ ts: String(Date.now()) }],
  }),
  "GET /api/v5/public/instruments": ({ query }) => {
    const isSwap = new URLSearchParams(query).get("instType") === "SWAP";
    return {
      code: "0",
      msg: "",
      data: [{
        instType: isSwap ? "SWAP" : "SPOT",
        instId: isSwap ? "BTC-USDT-SWAP" : "BTC-USDT",
        uly: isSwap ? "BTC-USDT" : "",
        baseCcy: isSwap ? "" : "BTC",
        quoteCcy: isSwap ? "" : "USDT",
        settleCcy: isSwap ? "USDT" : "",
        ctType: isSwap ? "linear" : "",
        ctVal: isSwap ? "0.01" : "",
        ctMult: isSwap ? "1" : "",
        lotSz: isSwap ? "0.1" : "0.00000001",
        minSz: isSwap ? "0.1" : "0.00001",
        tickSz: "0.1",
        state: "live",
      }],
    };
  },
  "POST /api/v5/trade/order": ({ body }) => ({
    code: "0",
    msg: "",
    data: [{
      ordId: "312",
      clOrdId: JSON.parse(body).clOrdId,
      sCode: "0",
      sMsg: "",
    }],
  }),
  "POST /api/v5/trade/order-algo": ({ body }) => ({
    code: "0",
    msg: "",
    data: [{
      algoId: "900",
      algoClOrdId: JSON.parse(body).algoClOrdId,
      sCode: "0",
      sMsg: "",
    }],
  }),
  "GET /api/v5/account/config": () => ({
    code: "0",
    msg: "",
    data: [{
      uid: "44705892343619584",
      posMode: "net_mode",
      perm: "read_only,trade",
      ip: "203.0.113.7",
    }],
  }),
};

/** Kraken's spot exchange. */
export const KRAKEN_ANSWERS: Record<string, Answer> = {
  "GET /0/public/Time": () => ({
    error: [],
    result: { unixtime: Math.floor(Date.now() / 1_000) },
  }),
  "GET /0/public/AssetPairs": () => ({
    error: [],
    result: {
      XBTUSDT: {
        altname: "XBTUSDT",
        wsname: "XBT/USDT",
        base: "XXBT",
        quote: "USDT",
        pair_decimals: 1,
        lot_decimals: 8,
        tick_size: "0.1",
        ordermin: "0.0001",
        costmin: "0.5",
        status: "online",
        fees: [[0, 0.26]],
        fees_maker: [[0, 0.16]],
      },
    },
  }),
  "POST /0/private/AddOrder": () => ({
    error: [],
    result: { descr: { order: "buy" }, txid: ["OU22CG-KLAF2-FWUDD7"] },
  }),
};

/** Kraken's futures exchange. */
export const KRAKEN_FUTURES_ANSWERS: Record<string, Answer> = {
  "GET /derivatives/api/v3/feeschedules": () => ({
    result: "success",
    serverTime: new Date().toISOString(),
    feeSchedules: [],
  }),
  "GET /derivatives/api/v3/instruments": () => ({
    result: "success",
    instruments: [{
      symbol: "PF_XBTUSD",
      type: "flexible_futures",
      base: "BTC",
      quote: "USD",
      pair: "BTC:USD",
      tickSize: 0.5,
      contractSize: 1,
      contractValueTradePrecision: 4,
      tradeable: true,
      impactMidSize: 1,
      maxPositionSize: 1_000_000,
    }],
  }),
  "GET /derivatives/api/v3/instruments/status": () => ({
    result: "success",
    instrumentStatus: [],
  }),
  "POST /derivatives/api/v3/sendorder": ({ query, body }) => {
    const params = new URLSearchParams(query || body);
    const order_id = "c18f0c17-9971-40e6-8e5b-10df05d422f0";
    const at = new Date().toISOString();
    return {
      result: "success",
      serverTime: at,
      sendStatus: {
        order_id,
        cliOrdId: params.get("cliOrdId"),
        status: "placed",
        receivedTime: at,
        orderEvents: [{
          type: "PLACE",
          order: {
            orderId: order_id,
            cliOrdId: params.get("cliOrdId"),
            type: params.get("orderType"),
            symbol: params.get("symbol"),
            side: params.get("side"),
            quantity: Number(params.get("size")),
            filled: 0,
            limitPrice: Number(params.get("limitPrice") ?? 0),
            reduceOnly: params.get("reduceOnly") === "true",
            timestamp: at,
            lastUpdateTimestamp: at,
          },
          reducedQuantity: null,
        }],
      },
    };
  },
};
