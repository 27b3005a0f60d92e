import type { Timer } from "../../../actors/clock.ts";
import type { ActorRuntime } from "../../../actors/program.ts";
import { AppError } from "../../core/errors.ts";
import type { FeedStale, QuoteMessage } from "../../contracts/links.ts";
import {
  type CandleStreamConfig,
  EXCHANGE_GENESIS_AT,
  type FeedNotice,
  type FeedStaleReport,
  type StreamOpened,
} from "../../contracts/market.ts";
import type { Quote } from "../../contracts/venue.ts";
import { CandleConsumers, type Subscription } from "../candle_consumers.ts";
import { HeadReporter } from "../head_reporter.ts";
import type { MarketStream } from "../market_stream.ts";
import {
  LIVE_STREAM_IDLE_MS,
  OPEN_ANSWER_MS_MAX,
  STALE_AFTER_MS,
} from "./limits.ts";
import { LiveCandles } from "./live_candles.ts";
import { LiveConnection } from "./live_connection.ts";
import { LiveQuotes } from "./live_quotes.ts";
import type { OpenLiveMarket } from "./port.ts";

/** What a live stream is made from. */
export interface LiveStreamOptions {
  stream: CandleStreamConfig;
  open: OpenLiveMarket;
  random: () => number;
  runtime: Pick<ActorRuntime, "send" | "credits" | "report" | "clock">;
}

/**
 * One live market of an exchange and those who read it. Candles go out when
 * they are closed; best prices when they come, and only the newest waits.
 */
export class LiveStream implements MarketStream {
  readonly #options: LiveStreamOptions;
  readonly #candles: LiveCandles;
  readonly #connection: LiveConnection;
  readonly #consumers: CandleConsumers;
  readonly #reporter: HeadReporter;
  /** Resolved when the first candles are here; rejected by the first failure before. */
  #opening = Promise.withResolvers<void>();
  #refusal: AppError | null = null;
  #isUp = false;
  #wasUp = false;
  /** What consumers and owner were told last. */
  #staleDetail: string | null = null;
  #staleTimer: Timer | null = null;
  #downDetail = "";
  #usedMs: number;
  #isClosed = false;

  constructor(options: LiveStreamOptions) {
    const { stream, open, random, runtime } = options;
    const { clock } = runtime;
    this.#options = options;
    this.#usedMs = clock.monotonicMs();
    this.#opening.promise.catch(() => {});
    this.#candles = new LiveCandles({
      market: stream,
      clock,
      random,
      onClosed: () => this.#closedCandles(),
      onNotice: (level, message) => this.#notice(level, message),
    });
    const { board } = this.#candles;
    this.#consumers = new CandleConsumers({
      totalCandles: null,
      dueSeq: () => board.headSeq,
      firstSeq: () => this.#candles.firstSeq,
      packed: (fromSeq, count) => board.packed(fromSeq, count),
      hedge: null,
      sent: () => {},
    }, runtime);
    this.#reporter = new HeadReporter({
      streamId: stream.streamId,
      runtime,
      headSeq: () => board.headSeq,
      candle: (seq) => board.candle(seq),
    });
    this.#connection = new LiveConnection({
      market: stream,
      open,
      candles: this.#candles,
      quotes: new LiveQuotes({
        clock,
        onQuote: (quote) => this.#sendQuote(quote),
      }),
      clock,
      random,
      oldestWanted: () => this.#consumers.oldestWanted,
      onUp: () => this.#up(),
      onDown: (detail) => this.#down(detail),
      onRefused: (error) => this.#refuse(error),
      onOlder: () => this.#consumers.pumpAll(),
    });
    void this.#connection.run();
  }

  get headSeq(): number {
    return this.#candles.board.headSeq;
  }

  get isOver(): boolean {
    return this.#refusal !== null;
  }

  get isIdle(): boolean {
    const { clock } = this.#options.runtime;
    return this.#consumers.size === 0 &&
      clock.monotonicMs() - this.#usedMs > LIVE_STREAM_IDLE_MS;
  }

  /**
   * Waits for the first candles, not for ever.
   *
   * @throws {AppError} FEED_UNREACHABLE, or the exchange's own refusal of the market.
   */
  async describe(): Promise<StreamOpened> {
    const { stream, runtime: { clock } } = this.#options;
    this.#usedMs = clock.monotonicMs();
    const limit = Promise.withResolvers<never>();
    const timer = clock.after(
      OPEN_ANSWER_MS_MAX,
      () => limit.reject(this.#unreachable("it does not answer")),
    );
    try {
      await Promise.race([this.#opening.promise, limit.promise]);
    } finally {
      timer.cancel();
    }
    return {
      streamId: stream.streamId,
      headSeq: this.headSeq,
      totalCandles: null,
      firstAt: EXCHANGE_GENESIS_AT,
      staleDetail: this.#staleDetail,
    };
  }

  subscribe(link: string, subscription: Subscription): void {
    this.#consumers.add(link, subscription);
    if (subscription.wantsQuotes) this.#connection.readQuotes();
    if (this.#staleDetail !== null) this.#sendStale(link);
    this.#consumers.pump(link);
    if (subscription.fromSeq < this.#candles.firstSeq) this.#connection.look();
  }

  has(link: string): boolean {
    return this.#consumers.has(link);
  }

  consumed(link: string, seq: number): void {
    if (this.#consumers.consumed(link, seq)) this.#consumers.pump(link);
  }

  unsubscribe(link: string): void {
    this.#consumers.remove(link);
    this.#usedMs = this.#options.runtime.clock.monotonicMs();
  }

  credited(link: string): void {
    this.#consumers.pump(link);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close();
    this.#staleTimer?.cancel();
    this.#reporter.close();
    this.#consumers.clear();
  }

  #closedCandles(): void {
    if (this.#isClosed) return;
    this.#consumers.pumpAll();
    this.#reporter.touch();
  }

  #up(): void {
    this.#isUp = true;
    this.#staleTimer?.cancel();
    this.#staleTimer = null;
    this.#opening.resolve();
    if (this.#staleDetail !== null) this.#tellStale(null);
    // An earlier incarnation may have left the owner with a problem.
    else if (!this.#wasUp) this.#reportStale();
    this.#wasUp = true;
  }

  #down(detail: string): void {
    if (this.#isClosed) return;
    this.#downDetail = detail;
    if (this.#candles.board.isEmpty) {
      this.#opening.reject(this.#unreachable(detail));
      this.#opening = Promise.withResolvers();
      this.#opening.promise.catch(() => {});
    }
    if (this.#isUp) this.#notice("info", `Connecting again: ${detail}`);
    this.#isUp = false;
    if (this.#staleDetail !== null) return;
    this.#staleTimer ??= this.#options.runtime.clock.after(
      STALE_AFTER_MS,
      () => {
        this.#staleTimer = null;
        this.#tellStale(this.#downDetail);
      },
    );
  }

  #refuse(error: AppError): void {
    if (this.#isClosed) return;
    this.#refusal = error;
    this.#opening.reject(error);
    this.#tellStale(error.message);
  }

  #tellStale(detail: string | null): void {
    this.#staleDetail = detail;
    for (const link of this.#consumers.links()) this.#sendStale(link);
    this.#reportStale();
  }

  #reportStale(): void {
    const { stream: { streamId }, runtime } = this.#options;
    const detail = this.#staleDetail;
    const report: FeedStaleReport = { kind: "feed_stale", streamId, detail };
    runtime.report(report);
  }

  #sendStale(link: string): void {
    const message: FeedStale = { type: "stale", detail: this.#staleDetail };
    this.#options.runtime.send(link, message, {
      lane: "market",
      key: "stale",
    });
  }

  #sendQuote(quote: Quote): void {
    const message: QuoteMessage = { type: "quote", quote };
    for (const link of this.#consumers.links({ wantQuotes: true })) {
      this.#options.runtime.send(link, message, {
        lane: "market",
        key: "quote",
      });
    }
  }

  #notice(level: "info" | "warning", message: string): void {
    const { stream: { streamId }, runtime } = this.#options;
    const notice: FeedNotice = {
      kind: "feed_notice",
      streamId,
      level,
      message,
    };
    runtime.report(notice);
  }

  #unreachable(detail: string): AppError {
    const { feed, symbol, timeframe } = this.#options.stream;
    const name = feed.kind === "exchange" ? feed.exchange : feed.kind;
    return new AppError(
      "FEED_UNREACHABLE",
      `There are no candles of ${symbol} ${timeframe} from ${name}: ${detail}; try again, or choose another market`,
      { status: 503 },
    );
  }
}
