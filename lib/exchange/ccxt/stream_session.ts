/**
 * One set of sockets of an account's stream, with an exchange of its own, from
 * their opening to the first fault.
 *
 * @module
 */
import type { Clock, Timer } from "../../../actors/clock.ts";
import type { VenueNews } from "../gateway/port.ts";
import { recordOf } from "./code_table.ts";
import type { Connection, ConnectionMarket } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import { toVenueError } from "./errors.ts";
import { HeardNews, type HeardTrades } from "./heard_news.ts";
import type { CcxtExchange, CcxtRecord } from "./library.ts";
import { KEPT_LOOKED_AT, STREAM_OPEN_MS_MAX } from "./limits.ts";
import { toPosition } from "./reading.ts";
import { newCallRecord } from "./transport.ts";

/** Hooks of ccxt's exchanges; `handleMessage` is called for every message of a socket. */
interface StreamHooks {
  handleMessage(client: unknown, message: unknown): unknown;
  onConnected(client: unknown, message?: unknown): void;
  delay(
    ms: number,
    method: (...args: unknown[]) => unknown,
    ...args: unknown[]
  ): void;
  setMarketsFromExchange(from: CcxtExchange): void;
  /** What it heard last, the newest at the end. */
  orders?: readonly CcxtRecord[];
  myTrades?: readonly CcxtRecord[];
}

/** Where a session is opened. */
export interface SessionPlace {
  connection: Connection;
  dialect: Dialect;
  clock: Clock;
}

/** What a session tells. */
export type SessionNews = Extract<
  VenueNews,
  { type: "order" | "trade" | "position" }
>;

/** What a session is made of. */
export interface SessionOptions extends SessionPlace {
  trades: HeardTrades;
  /** Whether anybody wants news of a market. */
  wants(symbol: string): boolean;
  onOpen(): void;
  onNews(news: SessionNews): void;
  /** Ended by a fault or by silence. */
  onEnd(detail: string, wasOpen: boolean): void;
}

/** One set of sockets; see the module's description. */
export class StreamSession {
  readonly #options: SessionOptions;
  readonly #exchange: CcxtExchange & StreamHooks;
  readonly #timers = new Set<Timer>();
  readonly #news: HeardNews;
  /** The message that wrote a kept record when it was looked at last. */
  readonly #lookedAt = new WeakMap<CcxtRecord, unknown>();
  #silence: Timer | null = null;
  #heardAtMs: number;
  #isOpen = false;
  #isOver = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const exchange = options.connection.createExchange();
    this.#exchange = exchange as CcxtExchange & StreamHooks;
    this.#heardAtMs = options.clock.monotonicMs();
    this.#news = new HeardNews(options);
  }

  start(): void {
    const { clock, dialect } = this.#options;
    this.#hook();
    this.#exchange.setMarketsFromExchange(this.#options.connection.exchange);
    this.#after(STREAM_OPEN_MS_MAX, () => {
      if (!this.#isOpen) this.#end("The stream did not open in time");
    });
    this.#silence = clock.every(dialect.streamSilenceMsMax / 2, () => {
      const silentMs = clock.monotonicMs() - this.#heardAtMs;
      if (silentMs >= dialect.streamSilenceMsMax) {
        this.#end(`Nothing was heard for ${Math.round(silentMs / 1_000)} s`);
      }
    });
    for (const params of dialect.orderStreams) {
      this.#listen(
        () =>
          this.#exchange.watchOrders(undefined, undefined, undefined, {
            ...params,
          }),
        (record) => this.#tellOrder(record),
      );
    }
    if (this.#exchange.has.watchMyTrades === true) {
      this.#listen(
        () => this.#exchange.watchMyTrades(undefined),
        (record) => this.#tellTrade(record),
      );
    }
    if (this.#exchange.has.watchPositions === true && this.#isSwap) {
      this.#listen(
        () => this.#exchange.watchPositions(undefined),
        (record) => this.#tellPosition(record),
      );
    }
  }

  /** Ends by us: nothing is told about it. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#silence?.cancel();
    for (const timer of this.#timers) timer.cancel();
    // Its sockets close by themselves; whoever waits for a message is let go.
    this.#exchange.close().catch(() => {});
  }

  /** Whether news come. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#isOver;
  }

  get #isSwap(): boolean {
    return this.#options.dialect.profile.market === "swap";
  }

  #end(detail: string): void {
    if (this.#isOver) return;
    const wasOpen = this.#isOpen;
    this.end();
    this.#options.onEnd(detail, wasOpen);
  }

  /** Looks at every message, and keeps ccxt's timers so that they can be ended. */
  #hook(): void {
    const exchange = this.#exchange;
    const { isSubscribed } = this.#options.dialect;
    const handleMessage = exchange.handleMessage.bind(exchange);
    exchange.handleMessage = (client, message) => {
      this.#heardAtMs = this.#options.clock.monotonicMs();
      const record = recordOf(message);
      if (record !== null && isSubscribed?.(record)) this.#open();
      const handled = handleMessage(client, message);
      if (this.#isOpen && !this.#isOver) this.#tellKept();
      return handled;
    };
    exchange.onConnected = () => {
      this.#heardAtMs = this.#options.clock.monotonicMs();
      if (isSubscribed === null) this.#open();
    };
    exchange.delay = (ms, method, ...args) => {
      this.#after(ms, () => {
        Promise.resolve(method.apply(exchange, args)).catch((error) =>
          this.#fail(error)
        );
      });
    };
  }

  #open(): void {
    if (this.#isOpen || this.#isOver) return;
    this.#isOpen = true;
    this.#options.onOpen();
  }

  #after(ms: number, callback: () => void): void {
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      callback();
    });
    this.#timers.add(timer);
  }

  /** Asks ccxt for the next news again and again. */
  async #listen(
    next: () => Promise<readonly CcxtRecord[]>,
    tell: (record: CcxtRecord) => void,
  ): Promise<void> {
    try {
      while (!this.#isOver) {
        // deno-lint-ignore no-await-in-loop -- one piece of news follows the other
        const records = await next();
        if (this.#isOver) return;
        for (const record of records) tell(record);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const { connection } = this.#options;
    const { message } = toVenueError(error, newCallRecord(), connection.errors);
    this.#end(message);
  }

  /**
   * A question of ccxt's is answered by the next message alone: what a second one
   * says before the question is asked again is kept there and told to nobody.
   */
  #tellKept(): void {
    const { orders = [], myTrades = [] } = this.#exchange;
    this.#lookAt(orders, (record) => this.#tellOrder(record));
    this.#lookAt(myTrades, (record) => this.#tellTrade(record));
  }

  /** Tells what another message wrote than the last time. */
  #lookAt(
    kept: readonly CcxtRecord[],
    tell: (record: CcxtRecord) => void,
  ): void {
    // By index: a slice of ccxt's list is made by its own, slow constructor.
    const from = Math.max(0, kept.length - KEPT_LOOKED_AT);
    for (let at = from; at < kept.length; at++) {
      const record = kept[at]!;
      const { info = null } = record;
      if (info !== null && this.#lookedAt.get(record) === info) continue;
      this.#lookedAt.set(record, info);
      tell(record);
    }
  }

  #tellOrder(record: CcxtRecord): void {
    const market = this.#wanted(record);
    if (market !== null) this.#news.order(record, market);
  }

  #tellTrade(record: CcxtRecord): void {
    const market = this.#wanted(record);
    if (market !== null) this.#news.trade(record, market);
  }

  #tellPosition(record: CcxtRecord): void {
    const market = this.#wanted(record);
    if (market === null) return;
    const position = toPosition(record, market);
    this.#options.onNews({ type: "position", position });
  }

  /** The market of a record if somebody wants its news, else null. */
  #wanted({ symbol }: CcxtRecord): ConnectionMarket | null {
    const { connection, wants } = this.#options;
    const market = connection.marketOf(symbol);
    return market !== null && wants(market.symbol) ? market : null;
  }
}
