import type { VenueEvent } from "../engine/events.ts";
import type { VenueCandle } from "../market/candles.ts";
import type { Market, Top } from "../market/market.ts";
import { toText } from "../money/units.ts";
import type { VenueState } from "../state.ts";
import type { StreamConnection } from "./connection.ts";
import {
  bookTickerMessage,
  depthMessage,
  klineMessage,
  markPriceMessage,
  tickerMessage,
} from "./market_messages.ts";
import type { StreamName } from "./names.ts";

type Level = readonly [bigint, bigint];

/** What the depth streams have been told of a market. */
interface Told {
  updateId: number;
  top: Top;
}

/** Sends market data to those who subscribed to it. */
export class MarketFan {
  readonly #venue: VenueState;
  readonly #told = new Map<Market, Told>();

  constructor(venue: VenueState) {
    this.#venue = venue;
  }

  tell(event: VenueEvent, connections: Iterable<StreamConnection>): void {
    if (event.type !== "top" && event.type !== "candle") return;
    const { market } = event;
    const depth = event.type === "top" ? this.#depth(market) : null;
    for (const connection of connections) {
      if (connection.market !== market.spec.kind) continue;
      for (const stream of connection.streams.values()) {
        if (stream.symbol !== market.spec.id) continue;
        const message = event.type === "top"
          ? stream.channel === "depth" ? depth : this.#price(market, stream)
          : stream.channel === "kline"
          ? this.#kline(market, { ...event, stream })
          : null;
        if (message !== null) {
          connection.send(stream.kind, stream.name, message);
        }
      }
    }
  }

  /** What a new subscriber hears at once; at Binance it would within a second. */
  greet(connection: StreamConnection, streams: readonly StreamName[]): void {
    for (const stream of streams) {
      const market = this.#venue.engines[connection.market].markets().find((
        { spec },
      ) => spec.id === stream.symbol);
      if (market === undefined) continue;
      const message = stream.channel === "kline"
        ? this.#kline(market, {
          candle: this.#forming(market),
          isClosed: false,
          stream,
        })
        : this.#price(market, stream);
      if (message !== null) connection.send(stream.kind, stream.name, message);
    }
  }

  #price(market: Market, { channel }: StreamName): unknown {
    const now = this.#venue.clock.now();
    switch (channel) {
      case "bookTicker":
        return bookTickerMessage(market, now);
      case "markPrice":
        return markPriceMessage(market, now);
      case "ticker":
      case "miniTicker":
        return tickerMessage(this.#venue, market, channel === "miniTicker");
      default:
        return null;
    }
  }

  #kline(
    market: Market,
    update: { candle: VenueCandle; isClosed: boolean; stream: StreamName },
  ): unknown {
    return klineMessage(this.#venue, market, {
      minute: update.candle,
      isClosed: update.isClosed,
      interval: update.stream.interval ?? "1m",
    });
  }

  /** The minute that has just begun, without a trade yet. */
  #forming(market: Market): VenueCandle {
    const { kind, id } = market.spec;
    const series = this.#venue.seriesOf(kind, id);
    const { openAt, closeAt } = series.minute(series.count);
    const price = Number(toText(market.last));
    return {
      openAt,
      closeAt,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: 0,
    };
  }

  #depth(market: Market): unknown {
    const told = this.#told.get(market);
    const { top, updateId } = market;
    if (told?.updateId === updateId) return null;
    this.#told.set(market, { updateId, top: { ...top } });
    return depthMessage(market, {
      now: this.#venue.clock.now(),
      from: (told?.updateId ?? updateId - 1) + 1,
      previous: told?.updateId ?? updateId - 1,
      bids: changes(
        told === undefined ? null : [told.top.bid, told.top.bidSize],
        [top.bid, top.bidSize],
      ),
      asks: changes(
        told === undefined ? null : [told.top.ask, told.top.askSize],
        [top.ask, top.askSize],
      ),
    });
  }
}

/** The level that is there now, and the end of the one that was. */
function changes(before: Level | null, now: Level): Level[] {
  const isGone = before !== null && before[0] !== now[0];
  return isGone ? [[before[0], 0n], now] : [now];
}
