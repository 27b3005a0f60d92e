/**
 * What moves the venue: prices, candles, funding, and what follows from them.
 *
 * @module
 */
import type { OwnCandle, VenueCandle } from "../market/candles.ts";
import type { Market, Top } from "../market/market.ts";
import { magnitude, times, units } from "../money/units.ts";
import type { VenueState } from "../state.ts";
import { MARGIN_ASSET } from "./futures_account.ts";
import { isPriced, type Order, remainingOf } from "./order.ts";

const KINDS = ["spot", "futures"] as const;

/** Moves the last price of both halves; orders and liquidations follow. */
export function movePrice(
  venue: VenueState,
  symbol: string,
  price: string,
): void {
  for (const kind of KINDS) {
    venue.engines[kind].market(symbol).moveTo(units(price));
    settleMove(venue, kind, symbol);
  }
}

/** Sets what stands in the book of one half. */
export function setTop(
  venue: VenueState,
  { kind, symbol, top }: {
    kind: "spot" | "futures";
    symbol: string;
    top: Partial<Record<keyof Top, string>>;
  },
): void {
  const market = venue.engines[kind].market(symbol);
  const next = { ...market.top };
  for (const [name, text] of Object.entries(top)) {
    next[name as keyof Top] = units(text);
  }
  market.setTop(next);
  settleMove(venue, kind, symbol);
}

/** Sets the mark price of a perpetual; null follows the last price again. */
export function setMark(
  venue: VenueState,
  symbol: string,
  price: string | null,
): void {
  const market = venue.engines.futures.market(symbol);
  market.mark = price === null ? null : units(price);
  settleMove(venue, "futures", symbol);
}

/**
 * Closes the next minute of every market, or of one with prices of the test's
 * own. The price walks from open over the extremes to close, so stops go off.
 */
export function closeMinute(
  venue: VenueState,
  own?: { symbol: string; candle: OwnCandle },
): void {
  for (const kind of KINDS) {
    for (const market of venue.engines[kind].markets()) {
      const { id } = market.spec;
      if (own !== undefined && own.symbol !== id) continue;
      const series = venue.seriesOf(kind, id);
      walk(venue, market, series.closeNext(own?.candle));
    }
  }
}

/** Books a funding payment of a share of the notional, positive = longs pay. */
export function applyFunding(
  venue: VenueState,
  symbol: string,
  rate: string,
): void {
  const position = venue.account.position(symbol);
  if (position.quantity === 0n) return;
  const paid = times(venue.account.notional(position), units(rate));
  const id = venue.income.length + 1;
  venue.ledgers.futures.settle({
    asset: MARGIN_ASSET,
    amount: paid,
    from: "wallet",
    to: "funding",
    why: `funding ${id}`,
  });
  venue.income.push({
    id,
    symbol,
    type: "FUNDING_FEE",
    amount: -paid,
    at: venue.clock.now(),
  });
  venue.emit({
    type: "account",
    kind: "futures",
    reason: "FUNDING_FEE",
    assets: [MARGIN_ASSET],
    symbols: [symbol],
  });
}

/** Lets the book come to a resting limit order for a moment, so that it fills at its price. Others wait no less. */
export function fillBeforeCancel(
  venue: VenueState,
  kind: "spot" | "futures",
  order: Order,
): void {
  if (!isPriced(order.type) || !order.isWorking) return;
  const market = venue.engines[kind].market(order.symbol);
  const before = { top: market.top, last: market.last };
  const { tick } = market.spec;
  const isBuy = order.side === "BUY";
  market.setTop({
    bid: isBuy ? order.price - tick : order.price,
    ask: isBuy ? order.price : order.price + tick,
    bidSize: remainingOf(order),
    askSize: remainingOf(order),
  });
  settleMove(venue, kind, order.symbol);
  market.last = before.last;
  market.setTop(before.top);
}

function walk(venue: VenueState, market: Market, candle: VenueCandle): void {
  const { kind, id, priceDecimals } = market.spec;
  const isUp = candle.close >= candle.open;
  const path = isUp
    ? [candle.open, candle.low, candle.high, candle.close]
    : [candle.open, candle.high, candle.low, candle.close];
  let forming = { ...candle, high: candle.open, low: candle.open };
  for (const price of path) {
    market.moveTo(units(price.toFixed(priceDecimals)));
    settleMove(venue, kind, id);
    forming = {
      ...forming,
      high: Math.max(forming.high, price),
      low: Math.min(forming.low, price),
      close: price,
    };
  }
  venue.emit({ type: "candle", market, candle: forming, isClosed: false });
  venue.emit({ type: "candle", market, candle, isClosed: true });
}

function settleMove(
  venue: VenueState,
  kind: "spot" | "futures",
  symbol: string,
): void {
  venue.engines[kind].onMove(symbol);
  if (kind === "spot") return;
  venue.algos.onMove(symbol);
  for (const breached of venue.account.breaches()) liquidate(venue, breached);
}

/** Closes a position for its owner; what the wallet cannot pay, the insurance does. */
function liquidate(venue: VenueState, symbol: string): void {
  const engine = venue.engines.futures;
  for (const order of engine.orders.open(symbol)) engine.cancel(order);
  const { quantity } = venue.account.position(symbol);
  engine.place({
    symbol,
    side: quantity > 0n ? "SELL" : "BUY",
    type: "LIQUIDATION",
    timeInForce: "IOC",
    quantity: magnitude(quantity),
    price: 0n,
    stopPrice: 0n,
    clientOrderId: `autoclose-${venue.clock.now()}-${symbol}`,
    reduceOnly: true,
    closePosition: false,
    listId: -1,
    isForeign: true,
  });
  if (venue.account.wallet >= 0n) return;
  venue.ledgers.futures.move({
    asset: MARGIN_ASSET,
    amount: -venue.account.wallet,
    from: "insurance",
    to: "wallet",
    why: `bankruptcy ${symbol}`,
  });
}
