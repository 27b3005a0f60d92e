import { KLINES_MAX, ROWS_DEFAULT } from "../limits.ts";
import { INTERVAL_MS, type VenueCandle } from "../market/candles.ts";
import type { Market } from "../market/market.ts";
import type { MarketKind } from "../market/specs.ts";
import { toText } from "../money/units.ts";
import { Refusal } from "../refusal.ts";
import type { VenueState } from "../state.ts";
import type { Call } from "./call.ts";

const DAY_MS = 86_400_000;

/** Answer of `klines`, as arrays in Binance's order. @throws {Refusal} -1120 for an unknown interval. */
export function klines(kind: MarketKind, call: Call): unknown[] {
  const { params, venue } = call;
  const { spec } = venue.engines[kind].market(params.required("symbol"));
  const intervalMs = INTERVAL_MS[params.required("interval")];
  if (intervalMs === undefined) throw new Refusal(-1120, "Invalid interval.");
  const candles = venue.seriesOf(kind, spec.id).list({
    intervalMs,
    limit: Math.min(params.integer("limit") ?? ROWS_DEFAULT, KLINES_MAX),
    fromAt: params.integer("startTime"),
    toAt: params.integer("endTime"),
  });
  return candles.map((candle) => klineRow(candle, spec.priceDecimals));
}

function klineRow(candle: VenueCandle, decimals: number): unknown[] {
  const quote = candle.volume * candle.close;
  return [
    candle.openAt,
    candle.open.toFixed(decimals),
    candle.high.toFixed(decimals),
    candle.low.toFixed(decimals),
    candle.close.toFixed(decimals),
    candle.volume.toFixed(3),
    candle.closeAt,
    quote.toFixed(3),
    100,
    (candle.volume / 2).toFixed(3),
    (quote / 2).toFixed(3),
    "0",
  ];
}

/** The last 24 hours of a market, in numbers. */
export function lastDay(venue: VenueState, market: Market): VenueCandle {
  const series = venue.seriesOf(market.spec.kind, market.spec.id);
  const openAt = series.minute(series.count - DAY_MS / 60_000).openAt;
  return series.candleAt(openAt, DAY_MS)!;
}

/** Answer of `ticker/24hr` for one market. */
export function dayTicker(venue: VenueState, market: Market): unknown {
  const { top, spec } = market;
  const day = lastDay(venue, market);
  const last = Number(toText(market.last));
  return {
    symbol: spec.id,
    priceChange: (last - day.open).toFixed(spec.priceDecimals),
    priceChangePercent: (100 * (last / day.open - 1)).toFixed(3),
    weightedAvgPrice: ((day.open + last) / 2).toFixed(spec.priceDecimals),
    lastPrice: toText(market.last),
    lastQty: toText(spec.minQuantity),
    bidPrice: toText(top.bid),
    bidQty: toText(top.bidSize),
    askPrice: toText(top.ask),
    askQty: toText(top.askSize),
    openPrice: day.open.toFixed(spec.priceDecimals),
    highPrice: Math.max(day.high, last).toFixed(spec.priceDecimals),
    lowPrice: Math.min(day.low, last).toFixed(spec.priceDecimals),
    volume: day.volume.toFixed(3),
    quoteVolume: (day.volume * last).toFixed(3),
    openTime: venue.clock.now() - DAY_MS,
    closeTime: venue.clock.now(),
    firstId: 0,
    lastId: 0,
    count: 1,
  };
}

/** Answer of `premiumIndex` for one perpetual. */
export function premiumIndex(venue: VenueState, market: Market): unknown {
  const now = venue.clock.now();
  return {
    symbol: market.spec.id,
    markPrice: toText(market.mark),
    indexPrice: toText(market.mark),
    estimatedSettlePrice: toText(market.mark),
    lastFundingRate: "0.00010000",
    interestRate: "0.00010000",
    nextFundingTime: nextFundingAt(now),
    time: now,
  };
}

/** Next full eight hours. */
export function nextFundingAt(now: number): number {
  return Math.ceil((now + 1) / (8 * 3_600_000)) * 8 * 3_600_000;
}
