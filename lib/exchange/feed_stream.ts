import type { Timer } from "../../actors/clock.ts";
import type { ActorRuntime } from "../../actors/program.ts";
import type { CandleStreamConfig, StreamOpened } from "../contracts/market.ts";
import { CandleConsumers, type Subscription } from "./candle_consumers.ts";
import { createPacer, type PacedFeed, type Pacer } from "./feed_pacing.ts";
import type { CandleSource } from "./feed_source.ts";
import { HeadReporter } from "./head_reporter.ts";
import { PACE_MS_MAX, PACE_MS_MIN } from "./limits.ts";
import type { MarketStream } from "./market_stream.ts";

/** What a stream is made from. */
export interface FeedStreamOptions {
  stream: CandleStreamConfig & { feed: PacedFeed };
  source: CandleSource;
  headSeq: number;
  simulationSpeed: number;
  runtime: Pick<ActorRuntime, "send" | "credits" | "report" | "clock">;
}

/** One stream of candles that can all be made at any time, published by a pace. */
export class FeedStream implements MarketStream {
  readonly isIdle = false;
  readonly isOver = false;
  readonly #options: FeedStreamOptions;
  readonly #source: CandleSource;
  readonly #pacer: Pacer;
  readonly #consumers: CandleConsumers;
  readonly #reporter: HeadReporter;
  #headSeq: number;
  #isClosed = false;
  #wake: Timer | null = null;

  constructor(options: FeedStreamOptions) {
    const { stream, source, simulationSpeed, runtime } = options;
    const lastSeq = (source.totalCandles ?? Infinity) - 1;
    this.#options = options;
    this.#source = source;
    this.#headSeq = Math.min(options.headSeq, lastSeq);
    this.#pacer = createPacer({
      feed: stream.feed,
      source,
      headSeq: this.#headSeq,
      simulationSpeed,
      nowMs: runtime.clock.monotonicMs(),
    });
    this.#consumers = new CandleConsumers({
      totalCandles: source.totalCandles,
      dueSeq: () => this.#pacer.dueSeq(this.#nowMs()),
      firstSeq: () => 0,
      packed: (fromSeq, count) => source.packed(fromSeq, count),
      hedge: source.hedge,
      sent: (seq) => this.#headSeq = Math.max(this.#headSeq, seq),
    }, runtime);
    this.#reporter = new HeadReporter({
      streamId: stream.streamId,
      runtime,
      headSeq: () => this.#headSeq,
      candle: (seq) => source.candle(seq),
    });
    this.#armWake();
  }

  /** Last candle that was published: by the market's clock, or for a file to any consumer. */
  get headSeq(): number {
    return this.#headSeq;
  }

  describe(): StreamOpened {
    return {
      streamId: this.#options.stream.streamId,
      headSeq: this.#headSeq,
      totalCandles: this.#source.totalCandles,
      firstAt: this.#source.openAt(0),
    };
  }

  subscribe(link: string, subscription: Subscription): void {
    this.#consumers.add(link, subscription);
    this.#pacer.begin(this.#nowMs(), subscription.fromSeq);
    this.#advance();
  }

  has(link: string): boolean {
    return this.#consumers.has(link);
  }

  consumed(link: string, seq: number): void {
    if (!this.#consumers.consumed(link, seq)) return;
    this.#consumers.pump(link);
    this.#reporter.touch();
  }

  unsubscribe(link: string): void {
    this.#consumers.remove(link);
  }

  credited(link: string): void {
    this.#consumers.pump(link);
    this.#reporter.touch();
  }

  /** Ends the stream. The newest head is reported, so that the next incarnation starts behind it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wake?.cancel();
    this.#reporter.close();
    this.#consumers.clear();
    this.#source.release();
  }

  #nowMs(): number {
    return this.#options.runtime.clock.monotonicMs();
  }

  /** Lets time pass: publishes what is due and sleeps until more is. */
  #advance(): void {
    this.#consumers.pumpAll();
    if (this.#source.totalCandles === null) {
      this.#headSeq = Math.max(
        this.#headSeq,
        this.#pacer.dueSeq(this.#nowMs()),
      );
    }
    this.#reporter.touch();
    this.#armWake();
  }

  #armWake(): void {
    this.#wake?.cancel();
    this.#wake = null;
    const waitMs = this.#pacer.waitMs(this.#nowMs());
    if (waitMs === null) return;
    const delayMs = Math.min(
      PACE_MS_MAX,
      Math.max(PACE_MS_MIN, Math.ceil(waitMs)),
    );
    this.#wake = this.#options.runtime.clock.after(
      delayMs,
      () => this.#advance(),
    );
  }
}
