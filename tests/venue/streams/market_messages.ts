import { INTERVAL_MS, type VenueCandle } from "../market/candles.ts";
import type { Market } from "../market/market.ts";
import { toText } from "../money/units.ts";
import { lastDay, nextFundingAt } from "../rest/market_data.ts";
import type { VenueState } from "../state.ts";

/** `bookTicker`; that of spot has no event type, as at Binance. */
export function bookTickerMessage(market: Market, now: number): unknown {
  const { top, spec } = market;
  return {
    ...(spec.kind === "futures" ? { e: "bookTicker", E: now, T: now } : {}),
    u: market.updateId,
    s: spec.id,
    b: toText(top.bid),
    B: toText(top.bidSize),
    a: toText(top.ask),
    A: toText(top.askSize),
  };
}

/** `24hrTicker`, or `24hrMiniTicker` with fewer fields. */
export function tickerMessage(
  venue: VenueState,
  market: Market,
  isMini: boolean,
): unknown {
  const { top, spec } = market;
  const day = lastDay(venue, market);
  const now = venue.clock.now();
  const last = Number(toText(market.last));
  const price = (value: number) => value.toFixed(spec.priceDecimals);
  const mini = {
    e: isMini ? "24hrMiniTicker" : "24hrTicker",
    E: now,
    s: spec.id,
    c: toText(market.last),
    o: price(day.open),
    h: price(Math.max(day.high, last)),
    l: price(Math.min(day.low, last)),
    v: day.volume.toFixed(3),
    q: (day.volume * last).toFixed(3),
  };
  if (isMini) return mini;
  return {
    ...mini,
    p: price(last - day.open),
    P: (100 * (last / day.open - 1)).toFixed(3),
    w: price((day.open + last) / 2),
    Q: toText(spec.minQuantity),
    ...(spec.kind === "spot"
      ? {
        x: price(day.open),
        b: toText(top.bid),
        B: toText(top.bidSize),
        a: toText(top.ask),
        A: toText(top.askSize),
      }
      : {}),
    O: now - 86_400_000,
    C: now,
    F: 0,
    L: 0,
    n: 1,
  };
}

/** `markPriceUpdate` of a perpetual. */
export function markPriceMessage(market: Market, now: number): unknown {
  return {
    e: "markPriceUpdate",
    E: now,
    s: market.spec.id,
    p: toText(market.mark),
    i: toText(market.mark),
    P: toText(market.mark),
    r: "0.00010000",
    T: nextFundingAt(now),
  };
}

/** `depthUpdate`: what changed since the update before. `from` is the first update id in it, `previous` the last one of the message before. */
export function depthMessage(
  market: Market,
  change: {
    now: number;
    from: number;
    previous: number;
    bids: readonly (readonly [bigint, bigint])[];
    asks: readonly (readonly [bigint, bigint])[];
  },
): unknown {
  const rows = (levels: readonly (readonly [bigint, bigint])[]) =>
    levels.map(([price, size]) => [toText(price), toText(size)]);
  return {
    e: "depthUpdate",
    E: change.now,
    ...(market.spec.kind === "futures"
      ? { T: change.now, pu: change.previous }
      : {}),
    s: market.spec.id,
    U: change.from,
    u: market.updateId,
    b: rows(change.bids),
    a: rows(change.asks),
  };
}

/** `kline` of any interval, as it stands after a minute of it. */
export function klineMessage(
  venue: VenueState,
  market: Market,
  update: { minute: VenueCandle; isClosed: boolean; interval: string },
): unknown {
  const { spec } = market;
  const intervalMs = INTERVAL_MS[update.interval];
  if (intervalMs === undefined) return null;
  const { minute } = update;
  const openAt = Math.floor(minute.openAt / intervalMs) * intervalMs;
  const series = venue.seriesOf(spec.kind, spec.id);
  const candle = update.interval === "1m"
    ? minute
    : series.candleAt(openAt, intervalMs) ?? minute;
  const isLastMinute = minute.closeAt === openAt + intervalMs - 1;
  const price = (value: number) => value.toFixed(spec.priceDecimals);
  return {
    e: "kline",
    E: venue.clock.now(),
    s: spec.id,
    k: {
      t: openAt,
      T: openAt + intervalMs - 1,
      s: spec.id,
      i: update.interval,
      f: 1,
      L: 1,
      o: price(candle.open),
      c: price(candle.close),
      h: price(candle.high),
      l: price(candle.low),
      v: candle.volume.toFixed(3),
      n: 1,
      x: update.isClosed && isLastMinute,
      q: (candle.volume * candle.close).toFixed(3),
      V: "0",
      Q: "0",
      B: "0",
    },
  };
}
