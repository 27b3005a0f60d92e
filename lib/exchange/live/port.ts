import type { Timeframe } from "../../contracts/candle.ts";
import type { HistoryVenue } from "../history/venue.ts";

/** Best prices as a venue gives them: unchecked. */
export interface RawQuote {
  bid: unknown;
  ask: unknown;
  bidSize: unknown;
  askSize: unknown;
  /** Of a perpetual, where it comes with them. */
  mark: unknown;
}

/**
 * One market of a venue on one connection. Every `next…` waits for ever while
 * the venue says nothing and rejects when the connection breaks; who asks sets
 * the limit. Questions reject with a VenueFailure.
 */
export interface LiveMarketSource extends HistoryVenue {
  /** Candles that changed, the open one last: unchecked rows as of `fetchPage`. */
  nextCandles(): Promise<readonly (readonly unknown[])[]>;
  nextQuote(): Promise<RawQuote>;
  /** Best prices now, by a question. */
  fetchQuote(): Promise<RawQuote>;
  /** The next mark price; null where there is none, or it comes with the quotes. */
  nextMark: (() => Promise<unknown>) | null;
  /** Ends the connection. */
  close(): void;
}

/** Which market. */
export interface LiveMarketId {
  symbol: string;
  timeframe: Timeframe;
}

/**
 * Makes a connection of its own for one market.
 *
 * @throws {AppError} If there is no such exchange, market or timeframe; the sentence names near ones.
 * @throws {VenueFailure} If the exchange does not answer.
 */
export type OpenLiveMarket = (
  market: LiveMarketId,
) => Promise<LiveMarketSource>;
