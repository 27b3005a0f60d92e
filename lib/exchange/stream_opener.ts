import { SharedSilence } from "./budget/shared_silence.ts";
import type { ActorRuntime } from "../../actors/program.ts";
import type {
  CandleStreamConfig,
  FeedWorkerConfig,
} from "../contracts/market.ts";
import { venueKey } from "../contracts/venue.ts";
import {
  createCcxtMarkets,
  type MarketDataOptions,
} from "./ccxt/market_data.ts";
import { type CandleFiles, openSource } from "./feed_source.ts";
import type { PacedFeed } from "./feed_pacing.ts";
import { FeedStream } from "./feed_stream.ts";
import { LiveStream } from "./live/live_stream.ts";
import type { OpenLiveMarket } from "./live/port.ts";
import type { MarketStream } from "./market_stream.ts";

/** Where live markets come from, and chance; a test brings its own. */
export interface LiveParts {
  openMarkets(options: MarketDataOptions): OpenLiveMarket;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
}

/** Exchanges through ccxt. */
export const CCXT_PARTS: LiveParts = {
  openMarkets: (options) => createCcxtMarkets(options).open,
  random: Math.random,
};

/** What streams are opened with. */
export interface StreamOpenerOptions {
  runtime: ActorRuntime;
  config: FeedWorkerConfig;
  files: CandleFiles;
  live: LiveParts;
}

/** Makes the stream that a configuration asks for. */
export class StreamOpener {
  readonly #options: StreamOpenerOptions;
  readonly #markets = new Map<string, OpenLiveMarket>();

  constructor(options: StreamOpenerOptions) {
    this.#options = options;
  }

  /**
   * A live stream is there at once and connects by itself, so that an exchange
   * that is down keeps nobody else from starting.
   *
   * @throws {AppError} If a replay file is missing, wrong or refused.
   */
  async open(
    stream: CandleStreamConfig,
    headSeq: number,
  ): Promise<MarketStream> {
    const { config, files, live, runtime } = this.#options;
    const { feed } = stream;
    if (feed.kind === "exchange") {
      return new LiveStream({
        stream,
        open: this.#marketsOf(feed),
        random: live.random,
        runtime,
      });
    }
    const paced: CandleStreamConfig & { feed: PacedFeed } = { ...stream, feed };
    return new FeedStream({
      stream: paced,
      source: await openSource(paced, { config, files }),
      headSeq,
      simulationSpeed: config.simulationSpeed,
      runtime,
    });
  }

  #marketsOf(venue: MarketDataOptions["venue"]): OpenLiveMarket {
    const key = venueKey(venue);
    const known = this.#markets.get(key);
    if (known !== undefined) return known;
    const { config, live, runtime: { clock } } = this.#options;
    const { exchange, market } = venue;
    const opened = live.openMarkets({
      venue: { exchange, market },
      clock,
      origin: config.exchangeOrigin,
      silence: config.silence === null
        ? undefined
        : new SharedSilence(config.silence, clock),
    });
    this.#markets.set(key, opened);
    return opened;
  }
}

/** Whether two configurations of one stream mean the same candles. */
export function isSameMarket(
  a: CandleStreamConfig,
  b: CandleStreamConfig,
): boolean {
  const market = (stream: CandleStreamConfig) => {
    const { feed, symbol, timeframe, hedge } = stream;
    return JSON.stringify([
      feed.kind,
      feed.kind === "replay" ? [feed.file, feed.speed] : null,
      feed.kind === "exchange" ? venueKey(feed) : null,
      symbol,
      timeframe,
      hedge === undefined ? null : [hedge.symbol, hedge.file],
    ]);
  };
  return market(a) === market(b);
}
