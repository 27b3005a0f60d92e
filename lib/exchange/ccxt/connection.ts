/**
 * One exchange of ccxt's, set up as we want it: our clock, our way out, no
 * repeats and no queue of its own.
 *
 * @module
 */
import type { Clock } from "../../../actors/clock.ts";
import { assert } from "../../core/assert.ts";
import { AppError } from "../../core/errors.ts";
import { venueSymbol } from "../../contracts/venue.ts";
import { type ClockSync, createClockSync } from "../budget/clock_sync.ts";
import type { SharedSilence } from "../budget/shared_silence.ts";
import { VenueError } from "../gateway/port.ts";
import type { Dialect } from "./dialect.ts";
import { checkEndpoint, withOrigin } from "./endpoint.ts";
import { type ErrorContext, toVenueError } from "./errors.ts";
import { KEPT_BY_LIBRARY } from "./limits.ts";
import type { CcxtClass, CcxtExchange, CcxtMarket } from "./library.ts";
import { unitOf } from "./numbers.ts";
import type { RecordMarket } from "./reading.ts";
import { newCallRecord, Transport, type TransportHooks } from "./transport.ts";

/** An account's key at a venue. */
export interface VenueCredentials {
  apiKey: string;
  secret: string;
  /** Where the venue wants a third part (OKX), else null. */
  passphrase: string | null;
}

/** What a connection is made of. */
export interface ConnectionOptions {
  dialect: Dialect;
  Exchange: CcxtClass;
  credentials: VenueCredentials;
  clock: Clock;
  hooks: TransportHooks;
  silence?: SharedSilence | undefined;
  /** An address of this machine in place of the venue's; null for the venue itself. */
  endpoint: string | null;
  /** Longest wait for a whole answer. */
  answerMsMax: number;
}

/** A market with ccxt's name and description of it. */
export interface ConnectionMarket extends RecordMarket {
  /** ccxt's name. */
  name: string;
  market: CcxtMarket;
}

/** An exchange of ccxt's with all that its calls need. */
export class Connection {
  readonly exchange: CcxtExchange;
  readonly transport: Transport;
  readonly errors: ErrorContext;
  readonly #options: ConnectionOptions;
  readonly #origin: string | null;
  readonly #markets = new Map<string, ConnectionMarket>();
  #sync: ClockSync | null = null;
  #lastNonce = 0;

  /** @throws {AppError} ENDPOINT_REFUSED if the endpoint is no address of this machine. */
  constructor(options: ConnectionOptions) {
    const { clock, credentials, dialect, endpoint, hooks } = options;
    this.#options = options;
    this.#origin = endpoint === null ? null : checkEndpoint(endpoint);
    this.transport = new Transport({
      clock,
      hooks,
      onlyOrigin: this.#origin,
      silence: options.silence,
    });
    const { apiKey, passphrase, secret } = credentials;
    this.errors = { dialect, secrets: [apiKey, secret, passphrase ?? ""] };
    this.exchange = this.createExchange();
  }

  /**
   * Measures the error of our clock; from the first time on, also regularly.
   * Rejects where the venue does not answer and the error is not known.
   *
   * @throws {VenueError}
   */
  async syncClock(): Promise<void> {
    const { clock, dialect } = this.#options;
    this.#sync ??= createClockSync({
      clock,
      readVenueTime: () => this.#readTimeMs(),
      resolutionMs: dialect.timeResolutionMs,
    });
    const { errorMs } = await this.#sync.sync();
    if (errorMs !== null || !this.#tellsTime()) return;
    throw new VenueError(
      "unknown",
      `${dialect.profile.exchange} does not tell its time`,
    );
  }

  /** Venue − ours; null while unknown. */
  clockErrorMs(): number | null {
    const errorMs = this.#sync?.errorMs() ?? null;
    return errorMs === null ? null : Math.round(errorMs);
  }

  /** The venue's time as far as it is known, else ours. */
  venueNowMs(): number {
    return this.#sync?.venueNowMs() ?? this.#options.clock.nowMs();
  }

  /** One more of the kind, with the markets of the first where they are loaded; for streams. */
  createExchange(): CcxtExchange {
    const { answerMsMax, credentials, dialect, Exchange } = this.#options;
    const exchange = new Exchange({
      apiKey: credentials.apiKey,
      secret: credentials.secret,
      password: credentials.passphrase ?? undefined,
      enableRateLimit: false,
      timeout: answerMsMax,
      number: String,
      // A list of all coins is a large answer that nothing here reads.
      has: { fetchCurrencies: false },
      options: {
        ...dialect.options,
        maxRetriesOnFailure: 0,
        adjustForTimeDifference: false,
        fetchMargins: false,
        // It searches them for every message, and all of it is taken at once.
        ordersLimit: KEPT_BY_LIBRARY,
        tradesLimit: KEPT_BY_LIBRARY,
      },
    });
    exchange.number = String;
    exchange.fetchImplementation = this.transport.fetch;
    exchange.milliseconds = () => this.venueNowMs();
    if (dialect.needsRisingNonce) exchange.nonce = () => this.#nextNonce();
    if (this.#origin !== null) {
      exchange.urls.api = withOrigin(exchange.urls.api, this.#origin);
    }
    return exchange;
  }

  /** Runs a call of the library's. @throws {VenueError} */
  async call<T>(run: () => Promise<T>): Promise<T> {
    const record = newCallRecord();
    try {
      return await this.transport.run(record, run);
    } catch (error) {
      throw toVenueError(error, record, this.errors);
    }
  }

  /**
   * A market of the venue.
   *
   * @throws {AppError} MARKET_UNKNOWN if there is none of this name.
   */
  market(symbol: string): ConnectionMarket {
    const known = this.#markets.get(symbol);
    if (known !== undefined) return known;
    const { exchange, market: kind } = this.#options.dialect.profile;
    const { markets } = this.exchange;
    assert(markets !== undefined, "The gateway was asked before it was open");
    const name = venueSymbol(symbol, kind);
    const market = Object.hasOwn(markets, name) ? markets[name]! : undefined;
    if (market === undefined) {
      throw new AppError(
        "MARKET_UNKNOWN",
        `${exchange} has no ${kind} market ${symbol}; write it as BASE/QUOTE, for instance BTC/USDT`,
        { status: 422 },
      );
    }
    const found = { name, market, symbol, unit: unitOf(market) };
    this.#markets.set(symbol, found);
    return found;
  }

  /** The market of a record by ccxt's name for it; null for markets of other kinds. */
  marketOf(name: unknown): ConnectionMarket | null {
    if (typeof name !== "string") return null;
    const symbol = name.split(":")[0]!;
    const { market: kind } = this.#options.dialect.profile;
    if (venueSymbol(symbol, kind) !== name) return null;
    const markets = this.exchange.markets ?? {};
    return Object.hasOwn(markets, name) ? this.market(symbol) : null;
  }

  close(): void {
    this.#sync?.close();
    this.transport.close();
  }

  #tellsTime(): boolean {
    return this.#options.dialect.readTimeMs !== null ||
      this.exchange.has.fetchTime === true;
  }

  #readTimeMs(): Promise<number | null> {
    const { readTimeMs } = this.#options.dialect;
    if (readTimeMs !== null) return readTimeMs(this.exchange);
    if (!this.#tellsTime()) return Promise.resolve(null);
    return this.exchange.fetchTime().then((time) => time ?? null);
  }

  #nextNonce(): number {
    this.#lastNonce = Math.max(this.venueNowMs(), this.#lastNonce + 1);
    return this.#lastNonce;
  }
}
