/**
 * Live market data through one exchange of ccxt: one instance for questions,
 * with its rate limit, and one for each stream, so that what a broken
 * connection leaves behind goes with it.
 *
 * @module
 */
import type { Clock } from "../../../actors/clock.ts";
import { AppError } from "../../core/errors.ts";
import { TIMEFRAMES } from "../../contracts/candle.ts";
import { type VenueId, venueSymbol } from "../../contracts/venue.ts";
import { PAGE_CANDLES_DEFAULT } from "../history/limits.ts";
import { nearMarkets } from "../near_markets.ts";
import { LIVE_ANSWER_MS_MAX, MARKETS_MS_MAX } from "../live/limits.ts";
import type {
  LiveMarketId,
  LiveMarketSource,
  OpenLiveMarket,
} from "../live/port.ts";
import type { SharedSilence } from "../budget/shared_silence.ts";
import type { Dialect } from "./dialect.ts";
import { withOrigin } from "./endpoint.ts";
import {
  type CcxtClass,
  type CcxtExchange,
  loadExchange,
  loadMarketsOf,
} from "./library.ts";
import { type CcxtMarketData, CcxtMarketSource } from "./market_source.ts";
import { dialectOf } from "./profiles.ts";
import { Transport } from "./transport.ts";
import { asked } from "./market_failure.ts";

/** Whose markets, and by which way. */
export interface MarketDataOptions {
  venue: VenueId;
  clock: Clock;
  /** An address of this machine in place of the venue's own; null for those. */
  origin: string | null;
  /** Until when the venue wants to hear nothing, shared with its desk. */
  silence?: SharedSilence | undefined;
}

/** One exchange's markets of one kind. */
export interface CcxtMarkets {
  open: OpenLiveMarket;
}

/** Makes an opener of live markets; nothing is loaded before the first one. */
export function createCcxtMarkets(options: MarketDataOptions): CcxtMarkets {
  const markets = new Markets(options);
  return { open: (market) => markets.open(market) };
}

class Markets {
  readonly #options: MarketDataOptions;
  readonly #dialect: Dialect;
  readonly #transport: Transport;
  #loading: Promise<CcxtMarketData> | null = null;
  #loadedMs = 0;

  constructor(options: MarketDataOptions) {
    this.#options = options;
    this.#dialect = dialectOf(options.venue);
    this.#transport = new Transport({
      clock: options.clock,
      hooks: {},
      onlyOrigin: options.origin,
      silence: options.silence,
    });
  }

  async open(market: LiveMarketId): Promise<LiveMarketSource> {
    const { exchange: id, market: kind } = this.#options.venue;
    const rest = await this.#loaded();
    const name = venueSymbol(market.symbol, kind);
    checkMarket(rest, { id, kind, market, name });
    const Exchange = await loadExchange(this.#dialect.moduleId);
    const stream = this.#create(Exchange);
    stream.setMarketsFromExchange(rest);
    return new CcxtMarketSource({
      id,
      rest,
      stream,
      name,
      timeframe: market.timeframe,
      transport: this.#transport,
      clock: this.#options.clock,
      pageCandles: pageCandlesOf(rest, name),
      isSwap: kind === "swap",
    });
  }

  /** The instance for questions; made anew once a day, because markets come and go, and after a failure. */
  #loaded(): Promise<CcxtMarketData> {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#loadedMs > MARKETS_MS_MAX) this.#loading = null;
    if (this.#loading !== null) return this.#loading;
    this.#loadedMs = nowMs;
    const loading = this.#load();
    loading.catch(() => {
      if (this.#loading === loading) this.#loading = null;
    });
    return this.#loading = loading;
  }

  async #load(): Promise<CcxtMarketData> {
    const { exchange: id } = this.#options.venue;
    const Exchange = await loadExchange(this.#dialect.moduleId);
    const rest = this.#create(Exchange);
    await asked(this.#transport, id, () => loadMarketsOf(rest));
    return rest;
  }

  #create(Exchange: CcxtClass): CcxtMarketData {
    const exchange = new Exchange({
      enableRateLimit: true,
      timeout: LIVE_ANSWER_MS_MAX,
      // A list of all coins is a large answer that nothing here reads.
      has: { fetchCurrencies: false },
      options: {
        ...this.#dialect.options,
        maxRetriesOnFailure: 0,
        adjustForTimeDifference: false,
        fetchMargins: false,
      },
    }) as CcxtExchange as CcxtMarketData;
    exchange.fetchImplementation = this.#transport.fetch;
    const { origin } = this.#options;
    if (origin !== null) {
      exchange.urls.api = withOrigin(exchange.urls.api, origin);
    }
    return exchange;
  }
}

function checkMarket(
  exchange: CcxtMarketData,
  { id, kind, market, name }: {
    id: string;
    kind: VenueId["market"];
    market: LiveMarketId;
    name: string;
  },
): void {
  const { has, markets = {}, timeframes = {} } = exchange;
  if (has["watchOHLCV"] !== true || has["fetchOHLCV"] !== true) {
    throw refused(
      "EXCHANGE_UNAVAILABLE",
      `${id} sends no candles as they come; choose another exchange`,
    );
  }
  if (!Object.hasOwn(markets, name)) {
    throw refused(
      "MARKET_UNKNOWN",
      `${id} has no ${kind} market ${market.symbol}.${
        nearSymbols(market.symbol, markets, kind)
      }`,
    );
  }
  if (markets[name]!.active === false) {
    throw refused(
      "MARKET_UNKNOWN",
      `${id} does not trade ${market.symbol} (${kind}) now; choose another market`,
    );
  }
  if (market.timeframe in timeframes) return;
  const possible = TIMEFRAMES.filter((timeframe) => timeframe in timeframes);
  throw refused(
    "CANDLES_TIMEFRAME",
    `${id} gives no ${market.timeframe} candles; choose ${
      possible.join(", ") || "another exchange"
    }`,
  );
}

/** Near names among the markets of the kind, written as the product writes them. */
function nearSymbols(
  symbol: string,
  markets: Readonly<Record<string, unknown>>,
  kind: VenueId["market"],
): string {
  const names = Object.keys(markets).flatMap((name) => {
    const own = name.split(":")[0]!;
    return venueSymbol(own, kind) === name ? [own] : [];
  });
  return nearMarkets(symbol, names);
}

function pageCandlesOf(exchange: CcxtMarketData, name: string): number {
  const limit = exchange.featureValue(name, "fetchOHLCV", "limit");
  return typeof limit === "number" && limit > 1 ? limit : PAGE_CANDLES_DEFAULT;
}

/** The code says which field is to change; what else an error holds does not leave the worker. */
function refused(code: string, sentence: string): AppError {
  return new AppError(code, sentence, { status: 422 });
}
