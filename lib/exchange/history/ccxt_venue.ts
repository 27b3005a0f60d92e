/**
 * Venues through ccxt, the one file that loads it: it is large (0.3 s, 80 MB),
 * so it comes in when a download begins and not before.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest.ts";
import { type Timeframe, TIMEFRAMES } from "../../contracts/candle.ts";
import {
  OPENING_ATTEMPTS_MAX,
  PAGE_CANDLES_DEFAULT,
  VENUE_ANSWER_MS_MAX,
  VENUE_TIMEOUT_MS,
} from "./limits.ts";
import { nearMarkets } from "../near_markets.ts";
import { retryAfterMs } from "../retry_after.ts";
import { retrying, type RetryOptions } from "./retry.ts";
import { type HistoryVenue, VenueFailure } from "./venue.ts";

/** Which market of which exchange. */
export interface VenueOptions {
  exchange: string;
  symbol: string;
  timeframe: Timeframe;
  /** In place of the origin of the exchange's addresses; see {@link checkBaseUrl}. */
  baseUrl: string | null;
  retry: Omit<RetryOptions, "attemptsMax">;
  /** Longest wait for a whole answer; VENUE_ANSWER_MS_MAX if left out. */
  answerMsMax?: number;
}

/** The part of a ccxt exchange that is used. */
interface CcxtExchange {
  has: Readonly<Record<string, unknown>>;
  timeframes?: Readonly<Record<string, unknown>>;
  urls: Record<string, unknown>;
  options: Record<string, unknown>;
  last_response_headers: Readonly<Record<string, string>> | undefined;
  loadMarkets(): Promise<Readonly<Record<string, unknown>>>;
  fetchTime(): Promise<number | undefined>;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number,
    limit: number,
  ): Promise<readonly (readonly unknown[])[]>;
  featureValue(symbol: string, method: string, name: string): unknown;
}

/**
 * Opens a market of an exchange, with its rate limit kept.
 *
 * @throws {AppError} HISTORY_REFUSED if there is no such exchange, timeframe or market; the sentence names near ones.
 * @throws {VenueFailure} If the exchange does not answer.
 */
export async function openVenue(options: VenueOptions): Promise<HistoryVenue> {
  const { exchange: id, retry, symbol, timeframe } = options;
  const { default: ccxt } = await import("ccxt");
  const names = ccxt.exchanges as unknown as readonly string[];
  if (!names.includes(id)) {
    throw refused(
      `There is no exchange ${JSON.stringify(id)}.${
        suggest(id, names)
      } Known are ${names.length}, for instance binance, coinbase, kraken`,
    );
  }
  const Exchange = (ccxt as unknown as Record<
    string,
    new (config: Record<string, unknown>) => CcxtExchange
  >)[id]!;
  const create = () => prepared(new Exchange(CONFIG), options);
  const ask = <T>(
    exchange: CcxtExchange,
    question: () => Promise<T>,
  ): Promise<T> => {
    // So that the headers of a failure are never those of an answer before it.
    exchange.last_response_headers = undefined;
    const answerMsMax = options.answerMsMax ?? VENUE_ANSWER_MS_MAX;
    return within(question(), answerMsMax).catch((error) => {
      throw toFailure(error, {
        id,
        isPassing: error instanceof ccxt.OperationFailed || isCutOff(error),
        isKnown: error instanceof ccxt.BaseError || isCutOff(error),
        headers: exchange.last_response_headers,
      });
    });
  };
  const { exchange, markets } = await retrying(async () => {
    // A new one for each attempt: ccxt remembers a load that failed, or that hangs.
    const exchange = create();
    const loaded = await ask(exchange, () => exchange.loadMarkets());
    return { exchange, markets: checkMarkets(id, loaded) };
  }, { ...retry, attemptsMax: OPENING_ATTEMPTS_MAX });
  if (!Object.hasOwn(markets, symbol)) {
    throw refused(
      `${id} has no market ${symbol}.${
        nearMarkets(symbol, Object.keys(markets))
      }`,
    );
  }
  const pageCandles = pageCandlesOf(exchange, symbol);
  return {
    id,
    pageCandles,
    now: async () =>
      exchange.has.fetchTime === true
        ? await ask(exchange, () => exchange.fetchTime()) ?? Date.now()
        : Date.now(),
    fetchPage: (sinceAt) =>
      ask(
        exchange,
        () => exchange.fetchOHLCV(symbol, timeframe, sinceAt, pageCandles),
      ),
  };
}

const CONFIG = { enableRateLimit: true, timeout: VENUE_TIMEOUT_MS };

/** An exchange that can give what is wanted, with its addresses set. */
function prepared(exchange: CcxtExchange, options: VenueOptions): CcxtExchange {
  const { baseUrl, symbol } = options;
  checkAbilities(exchange, options);
  if (baseUrl !== null) {
    exchange.urls.api = withOrigin(exchange.urls.api, new URL(baseUrl).origin);
  }
  if (!symbol.includes(":")) loadSpotOnly(exchange);
  return exchange;
}

/**
 * Refuses addresses that would send requests in clear text over a network.
 *
 * @throws {AppError} HISTORY_REFUSED unless it is https, or a loopback address.
 */
export function checkBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLoopback = url !== null &&
    /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback)) {
    return url.origin;
  }
  throw refused(
    `--base-url ${
      JSON.stringify(text)
    } is neither https nor a loopback address; write for instance https://proxy.example.com or http://127.0.0.1:8080`,
  );
}

function checkAbilities(exchange: CcxtExchange, options: VenueOptions): void {
  const { exchange: id, timeframe } = options;
  if (exchange.has.fetchOHLCV !== true) {
    throw refused(
      `${id} gives no history of candles; choose another exchange, or import a file`,
    );
  }
  const given = exchange.timeframes ?? {};
  if (timeframe in given) return;
  const possible = TIMEFRAMES.filter((name) => name in given);
  throw refused(
    `${id} gives no ${timeframe} candles; choose ${
      possible.join(", ") || "another exchange"
    }`,
  );
}

/**
 * An answer that it cannot read ccxt takes for one without markets.
 *
 * @throws {VenueFailure}
 */
function checkMarkets(
  id: string,
  markets: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (Object.keys(markets).length > 0) return markets;
  throw new VenueFailure(
    `${id} does not answer: its list of markets is empty or cannot be read`,
    { isPassing: true },
  );
}

/** A spot market needs no list of futures, which several exchanges keep at another host. */
function loadSpotOnly(exchange: CcxtExchange): void {
  const { fetchMarkets } = exchange.options as {
    fetchMarkets?: { types?: unknown };
  };
  const types = fetchMarkets?.types;
  if (Array.isArray(types) && types.includes("spot")) {
    exchange.options.fetchMarkets = { ...fetchMarkets, types: ["spot"] };
  }
}

/** The same addresses at another origin, whatever the nesting. */
function withOrigin(value: unknown, origin: string): unknown {
  if (typeof value === "string") {
    return value.replace(/^\w+:\/\/[^/]+/, origin);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      withOrigin(inner, origin),
    ]),
  );
}

function pageCandlesOf(exchange: CcxtExchange, symbol: string): number {
  const limit = exchange.featureValue(symbol, "fetchOHLCV", "limit");
  return typeof limit === "number" && limit > 0 ? limit : PAGE_CANDLES_DEFAULT;
}

/** An answer that did not come to its end in time. */
class AnswerTooSlow extends Error {
  override name = "AnswerTooSlow";
}

/** Gives up on an answer; what still comes of it is ignored. */
function within<T>(answer: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new AnswerTooSlow(`no whole answer within ${ms / 1_000} s`)),
    ms,
  );
  return Promise.race([answer, promise]).finally(() => clearTimeout(timer));
}

/** An answer that ends or stands still in its middle; ccxt knows only those that fail before. */
function isCutOff(error: unknown): boolean {
  return error instanceof AnswerTooSlow || error instanceof TypeError &&
      /connection|body|network|stream/i.test(error.message);
}

function toFailure(
  error: unknown,
  context: {
    id: string;
    isPassing: boolean;
    isKnown: boolean;
    headers: Readonly<Record<string, string>> | undefined;
  },
): unknown {
  if (!context.isKnown) return error;
  const text = error instanceof Error ? error.message : String(error);
  const short = text.replaceAll(/\s+/g, " ").slice(0, 200);
  return new VenueFailure(`${context.id} does not answer: ${short}`, {
    isPassing: context.isPassing,
    retryAfterMs: retryAfterOf(context.headers),
    cause: error,
  });
}

function retryAfterOf(
  headers: Readonly<Record<string, string>> | undefined,
): number | null {
  const entry = Object.entries(headers ?? {}).find(([name]) =>
    name.toLowerCase() === "retry-after"
  );
  return retryAfterMs(entry?.[1] ?? null, Date.now());
}

function refused(sentence: string): AppError {
  return new AppError("HISTORY_REFUSED", sentence, { status: 422 });
}
