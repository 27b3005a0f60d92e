import { OPEN_ORDERS_MAX, STOPS_MAX } from "../limits.ts";
import type { Market } from "../market/market.ts";
import {
  type MarketKind,
  type MarketSpec,
  SPOT_NOTIONAL_MAX,
} from "../market/specs.ts";
import { toText } from "../money/units.ts";
import type { VenueState } from "../state.ts";
import { RATE_RULES } from "./rate_limits.ts";

/** Answer of `exchangeInfo`, with the fields of the real one that clients read. */
export function exchangeInfo(venue: VenueState, kind: MarketKind): unknown {
  const specs = venue.specs.filter((spec) => spec.kind === kind);
  return {
    timezone: "UTC",
    serverTime: venue.clock.now(),
    rateLimits: rateLimits(kind),
    exchangeFilters: [],
    symbols: specs.map((spec) =>
      kind === "spot" ? spotSymbol(spec) : futuresSymbol(spec)
    ),
  };
}

function rateLimits(kind: MarketKind): unknown[] {
  const rules = RATE_RULES[kind];
  const limit = (
    rateLimitType: string,
    interval: string,
    intervalNum: number,
    limit: number,
  ) => ({ rateLimitType, interval, intervalNum, limit });
  return [
    limit("REQUEST_WEIGHT", "MINUTE", 1, rules.weightPerMinute),
    limit("ORDERS", "SECOND", 10, rules.ordersPerTenSeconds),
    limit("ORDERS", kind === "spot" ? "DAY" : "MINUTE", 1, rules.ordersPerLong),
  ];
}

function spotSymbol(spec: MarketSpec): unknown {
  return {
    symbol: spec.id,
    status: "TRADING",
    baseAsset: spec.base,
    baseAssetPrecision: 8,
    quoteAsset: spec.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: [
      "LIMIT",
      "LIMIT_MAKER",
      "MARKET",
      "STOP_LOSS",
      "STOP_LOSS_LIMIT",
      "TAKE_PROFIT",
      "TAKE_PROFIT_LIMIT",
    ],
    icebergAllowed: false,
    ocoAllowed: true,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      priceFilter(spec, 8),
      lotSize("LOT_SIZE", spec, 8),
      {
        ...lotSize("MARKET_LOT_SIZE", spec, 8),
        minQty: "0.00000000",
        stepSize: "0.00000000",
      },
      {
        filterType: "NOTIONAL",
        minNotional: toText(spec.minNotional),
        applyMinToMarket: true,
        maxNotional: toText(SPOT_NOTIONAL_MAX),
        applyMaxToMarket: false,
        avgPriceMins: 5,
      },
      { filterType: "MAX_NUM_ORDERS", maxNumOrders: OPEN_ORDERS_MAX },
      {
        filterType: "MAX_NUM_ALGO_ORDERS",
        maxNumAlgoOrders: STOPS_MAX.spot,
      },
    ],
    permissions: [],
    permissionSets: [["SPOT"]],
    defaultSelfTradePreventionMode: "EXPIRE_MAKER",
    allowedSelfTradePreventionModes: ["EXPIRE_TAKER", "EXPIRE_MAKER"],
  };
}

function futuresSymbol(spec: MarketSpec): unknown {
  return {
    symbol: spec.id,
    pair: spec.id,
    contractType: "PERPETUAL",
    deliveryDate: 4_133_404_800_000,
    onboardDate: 1_569_398_400_000,
    status: "TRADING",
    maintMarginPercent: "2.5000",
    requiredMarginPercent: "5.0000",
    baseAsset: spec.base,
    quoteAsset: spec.quote,
    marginAsset: spec.quote,
    pricePrecision: spec.priceDecimals,
    quantityPrecision: spec.quantityDecimals,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: "COIN",
    triggerProtect: "0.0500",
    liquidationFee: "0.012500",
    marketTakeBound: "0.05",
    filters: [
      priceFilter(spec, spec.priceDecimals),
      lotSize("LOT_SIZE", spec, spec.quantityDecimals),
      lotSize("MARKET_LOT_SIZE", spec, spec.quantityDecimals),
      { filterType: "MAX_NUM_ORDERS", limit: OPEN_ORDERS_MAX },
      { filterType: "MAX_NUM_ALGO_ORDERS", limit: STOPS_MAX.futures },
      { filterType: "MIN_NOTIONAL", notional: toText(spec.minNotional, 0) },
    ],
    orderTypes: [
      "LIMIT",
      "MARKET",
      "STOP",
      "STOP_MARKET",
      "TAKE_PROFIT",
      "TAKE_PROFIT_MARKET",
    ],
    timeInForce: ["GTC", "IOC", "FOK", "GTX"],
  };
}

function priceFilter(spec: MarketSpec, places: number): unknown {
  return {
    filterType: "PRICE_FILTER",
    minPrice: toText(spec.tick, places),
    maxPrice: toText(spec.tick * 100_000_000n, places),
    tickSize: toText(spec.tick, places),
  };
}

function lotSize(
  filterType: "LOT_SIZE" | "MARKET_LOT_SIZE",
  spec: MarketSpec,
  places: number,
): Record<string, string> {
  const most = filterType === "LOT_SIZE"
    ? spec.maxQuantity
    : spec.maxMarketQuantity;
  return {
    filterType,
    minQty: toText(spec.minQuantity, places),
    maxQty: toText(most, places),
    stepSize: toText(spec.step, places),
  };
}

/** Answer of `ticker/bookTicker` for one market. */
export function bookTicker(market: Market, now: number): unknown {
  const { top, spec } = market;
  return {
    symbol: spec.id,
    bidPrice: toText(top.bid),
    bidQty: toText(top.bidSize),
    askPrice: toText(top.ask),
    askQty: toText(top.askSize),
    ...(spec.kind === "futures"
      ? { time: now, lastUpdateId: market.updateId }
      : {}),
  };
}

/** Answer of `depth`: one level, because that is all there is to trade with. */
export function depth(market: Market, now: number): unknown {
  const { top, spec } = market;
  const level = (price: bigint, size: bigint) =>
    size > 0n ? [[toText(price), toText(size)]] : [];
  return {
    lastUpdateId: market.updateId,
    ...(spec.kind === "futures" ? { E: now, T: now } : {}),
    bids: level(top.bid, top.bidSize),
    asks: level(top.ask, top.askSize),
  };
}
