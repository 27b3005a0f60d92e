/**
 * The account's own news. A session is one set of sockets with an exchange of
 * its own; it ends with the first fault, with silence or by us, and a new one
 * follows after a pause. What was missed meanwhile is for who listens to ask.
 *
 * @module
 */
import type { Clock, Timer } from "../../../actors/clock.ts";
import type { VenueNews } from "../gateway/port.ts";
import { recordOf } from "./code_table.ts";
import type { Connection, ConnectionMarket } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import { toVenueError } from "./errors.ts";
import type { CcxtExchange, CcxtRecord } from "./library.ts";
import {
  KEPT_LOOKED_AT,
  RECONNECT_MS_MAX,
  RECONNECT_MS_MIN,
  STREAM_OPEN_MS_MAX,
  TRADES_REMEMBERED,
} from "./limits.ts";
import { HeardNews } from "./heard_news.ts";
import { toPosition } from "./reading.ts";
import { newCallRecord } from "./transport.ts";

/** What a stream is made of. */
export interface PrivateStreamOptions {
  connection: Connection;
  dialect: Dialect;
  clock: Clock;
  /** From 0 (inclusive) to 1 (exclusive), for the pauses. */
  random(): number;
  symbols: ReadonlySet<string>;
  listener(news: VenueNews): void;
}

/** A hook of ccxt's exchanges that is called for every message of a socket. */
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

/** Listens until it is closed. */
export class PrivateStream {
  readonly #options: PrivateStreamOptions;
  readonly #tradeIds = new Set<string>();
  #session: StreamSession | null = null;
  #pause: Timer | null = null;
  #failures = 0;
  #isClosed = false;

  constructor(options: PrivateStreamOptions) {
    this.#options = options;
    this.#begin();
  }

  /** Ends the sockets; nothing is told any more. */
  close(): void {
    this.#isClosed = true;
    this.#pause?.cancel();
    this.#session?.end();
  }

  #begin(): void {
    const { listener } = this.#options;
    const session = new StreamSession({
      ...this.#options,
      onOpen: () => {
        this.#failures = 0;
        listener({ type: "connected" });
      },
      onNews: (news) => this.#tell(news),
      onEnd: (detail, wasOpen) => {
        if (this.#isClosed || this.#session !== session) return;
        if (wasOpen) listener({ type: "disconnected", detail });
        this.#waitAndBegin();
      },
    });
    this.#session = session;
    session.start();
  }

  #waitAndBegin(): void {
    const { clock, random } = this.#options;
    const fullMs = Math.min(
      RECONNECT_MS_MIN * 2 ** Math.min(this.#failures, 10),
      RECONNECT_MS_MAX,
    );
    this.#failures++;
    this.#pause = clock.after(
      Math.round(fullMs * (0.5 + random() / 2)),
      () => this.#begin(),
    );
  }

  /** Passes news on; a trade once only, for venues repeat them after a new beginning. */
  #tell(news: VenueNews): void {
    if (this.#isClosed) return;
    if (news.type === "trade") {
      const id = `${news.trade.symbol} ${news.trade.tradeId}`;
      if (this.#tradeIds.has(id)) return;
      this.#tradeIds.add(id);
      if (this.#tradeIds.size > TRADES_REMEMBERED) {
        this.#tradeIds.delete(this.#tradeIds.values().next().value!);
      }
    }
    this.#options.listener(news);
  }
}

interface SessionOptions extends PrivateStreamOptions {
  onOpen(): void;
  onNews(news: VenueNews): void;
  onEnd(detail: string, wasOpen: boolean): void;
}

/** One set of sockets from their opening to the first fault. */
class StreamSession {
  readonly #options: SessionOptions;
  readonly #exchange: CcxtExchange & StreamHooks;
  readonly #timers = new Set<Timer>();
  readonly #news: HeardNews;
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
        (record, market) => this.#news.order(record, market),
      );
    }
    if (this.#exchange.has.watchMyTrades === true) {
      this.#listen(
        () => this.#exchange.watchMyTrades(undefined),
        (record, market) => this.#news.trade(record, market),
      );
    }
    if (this.#exchange.has.watchPositions === true && this.#isSwap) {
      this.#listen(
        () => this.#exchange.watchPositions(undefined),
        (record, market) =>
          this.#options.onNews({
            type: "position",
            position: toPosition(record, market),
          }),
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
    tell: (record: CcxtRecord, market: ConnectionMarket) => void,
  ): Promise<void> {
    try {
      while (!this.#isOver) {
        // deno-lint-ignore no-await-in-loop -- one piece of news follows the other
        const records = await next();
        if (this.#isOver) return;
        for (const record of records) {
          this.#withMarket(record, (market) => tell(record, market));
        }
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
    for (const record of orders.slice(-KEPT_LOOKED_AT)) {
      this.#withMarket(record, (market) => this.#news.order(record, market));
    }
    for (const record of myTrades.slice(-KEPT_LOOKED_AT)) {
      this.#withMarket(record, (market) => this.#news.trade(record, market));
    }
  }

  #withMarket(
    record: CcxtRecord,
    tell: (market: ConnectionMarket) => void,
  ): void {
    const { connection, symbols } = this.#options;
    const market = connection.marketOf(record.symbol);
    if (market !== null && symbols.has(market.symbol)) tell(market);
  }
}
