import type { Clock } from "../../../actors/clock.ts";
import type { LiveMarketSource, RawQuote } from "../live/port.ts";
import type { CcxtExchange, CcxtRecord } from "./library.ts";
import { asked, toFailure } from "./market_failure.ts";
import type { Transport } from "./transport.ts";

/** Rows of candles as ccxt gives them. */
type Rows = readonly (readonly unknown[])[];

/** An exchange of ccxt, the part that gives market data. */
export interface CcxtMarketData extends CcxtExchange {
  timeframes?: Readonly<Record<string, unknown>>;
  setMarketsFromExchange(other: CcxtMarketData): unknown;
  featureValue(symbol: string, method: string, name: string): unknown;
  fetchOHLCV(
    symbol: string,
    timeframe: string,
    since: number,
    limit: number,
  ): Promise<Rows>;
  watchOHLCV(symbol: string, timeframe: string): Promise<Rows>;
  watchBidsAsks(
    symbols: readonly string[],
  ): Promise<Readonly<Record<string, CcxtRecord>>>;
  watchTicker(symbol: string): Promise<CcxtRecord>;
  /** The newest of each market. */
  bidsasks?: Readonly<Record<string, CcxtRecord>>;
  tickers?: Readonly<Record<string, CcxtRecord>>;
  watchMarkPrice(symbol: string): Promise<CcxtRecord>;
  fetchBidsAsks(
    symbols: readonly string[],
  ): Promise<Readonly<Record<string, CcxtRecord>>>;
  fetchTicker(symbol: string): Promise<CcxtRecord>;
}

/** One market on its own connection. */
export class CcxtMarketSource implements LiveMarketSource {
  readonly id: string;
  readonly pageCandles: number;
  readonly nextMark: (() => Promise<unknown>) | null;
  readonly #options: {
    rest: CcxtMarketData;
    stream: CcxtMarketData;
    name: string;
    timeframe: string;
    transport: Transport;
    clock: Clock;
  };

  /** The question for best prices that waits. */
  #ticker: Promise<unknown> | null = null;
  /** What was told last; the library makes a new record for each message. */
  #told: CcxtRecord | undefined;

  constructor(
    options: {
      id: string;
      /** Answers questions; shared. */
      rest: CcxtMarketData;
      /** Listens; this market's own. */
      stream: CcxtMarketData;
      /** ccxt's name of the market. */
      name: string;
      timeframe: string;
      transport: Transport;
      clock: Clock;
      pageCandles: number;
      isSwap: boolean;
    },
  ) {
    const { id, isSwap, name, pageCandles, stream } = options;
    this.#options = options;
    this.id = id;
    this.pageCandles = pageCandles;
    this.nextMark = isSwap && stream.has["watchMarkPrice"] === true
      ? () =>
        this.#listen(async () =>
          (await stream.watchMarkPrice(name))["markPrice"]
        )
      : null;
  }

  async now(): Promise<number> {
    const { clock, rest } = this.#options;
    if (rest.has["fetchTime"] !== true) return clock.nowMs();
    return await this.#ask(() => rest.fetchTime()) ?? clock.nowMs();
  }

  fetchPage(sinceAt: number): Promise<Rows> {
    const { name, rest, timeframe } = this.#options;
    return this.#ask(() =>
      rest.fetchOHLCV(name, timeframe, sinceAt, this.pageCandles)
    );
  }

  nextCandles(): Promise<Rows> {
    const { name, stream, timeframe } = this.#options;
    return this.#listen(async () =>
      // The library goes on writing into its rows.
      (await stream.watchOHLCV(name, timeframe)).map((row) => [...row])
    );
  }

  nextQuote(): Promise<RawQuote> {
    return this.#listen(async () => toRawQuote(await this.#newestTicker()));
  }

  fetchQuote(): Promise<RawQuote> {
    const { name, rest } = this.#options;
    return this.#ask(async () =>
      toRawQuote(
        rest.has["fetchBidsAsks"] === true
          ? (await rest.fetchBidsAsks([name]))[name]
          : await rest.fetchTicker(name),
      )
    );
  }

  close(): void {
    // What still waits is rejected; nobody waits any more.
    this.#options.stream.close().catch(() => {});
  }

  /**
   * The next best prices. The library loses a message that comes before it is
   * asked again, but keeps the newest, so that is looked at, too.
   */
  async #newestTicker(): Promise<CcxtRecord | undefined> {
    const { clock, name, stream } = this.#options;
    const hasBidsAsks = stream.has["watchBidsAsks"] === true;
    const kept = () => (hasBidsAsks ? stream.bidsasks : stream.tickers)?.[name];
    const asked = this.#ticker ??= this.#askTicker(hasBidsAsks);
    const turn = Promise.withResolvers<void>();
    const timer = clock.after(0, turn.resolve);
    await Promise.race([asked, turn.promise]).finally(() => timer.cancel());
    if (kept() === this.#told) await asked;
    return this.#told = kept();
  }

  #askTicker(hasBidsAsks: boolean): Promise<unknown> {
    const { name, stream } = this.#options;
    const asked: Promise<unknown> = hasBidsAsks
      ? stream.watchBidsAsks([name])
      : stream.watchTicker(name);
    const isOver = () => {
      if (this.#ticker === asked) this.#ticker = null;
    };
    asked.then(isOver, isOver);
    return asked;
  }

  #ask<T>(question: () => Promise<T>): Promise<T> {
    return quietly(asked(this.#options.transport, this.id, question));
  }

  #listen<T>(message: () => Promise<T>): Promise<T> {
    const { id } = this;
    return quietly(
      message().catch((error) => {
        throw toFailure(error, { id });
      }),
    );
  }
}

/** A rejection that nobody waits for any more must not end the worker. */
function quietly<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => {});
  return answer;
}

function toRawQuote(ticker: CcxtRecord | undefined): RawQuote {
  return {
    bid: ticker?.["bid"],
    ask: ticker?.["ask"],
    bidSize: ticker?.["bidVolume"],
    askSize: ticker?.["askVolume"],
    mark: ticker?.["markPrice"],
  };
}
