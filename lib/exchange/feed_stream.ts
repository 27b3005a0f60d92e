import type { Timer } from "../../actors/clock.ts";
import type { ActorRuntime } from "../../actors/program.ts";
import type { CandleBatch, FeedEnded } from "../contracts/links.ts";
import type {
  CandleStreamConfig,
  FeedReport,
  StreamOpened,
} from "../contracts/market.ts";
import { createPacer, type Pacer } from "./feed_pacing.ts";
import type { CandleSource } from "./feed_source.ts";
import {
  BATCH_CANDLES_MAX,
  PACE_MS_MAX,
  PACE_MS_MIN,
  REPORT_INTERVAL_MS,
} from "./limits.ts";

/** What a stream is made from. */
export interface FeedStreamOptions {
  stream: CandleStreamConfig;
  source: CandleSource;
  headSeq: number;
  simulationSpeed: number;
  runtime: Pick<ActorRuntime, "send" | "credits" | "report" | "clock">;
}

/** What a consumer asks for. */
export interface Subscription {
  fromSeq: number;
  /** How many candles the consumer will hold that it has not consumed; Infinity for as many as there is credit for. */
  windowCandles: number;
}

/** Where one consumer is. */
interface Consumer {
  nextSeq: number;
  /** Last candle that it may be sent before it has consumed more. */
  limitSeq: number;
  windowCandles: number;
  isEnded: boolean;
}

/**
 * One stream of candles and those who read it, each at its own place. A
 * candle goes out when it is due and the consumer has credit for it; nothing is
 * queued, because any candle can be made again.
 */
export class FeedStream {
  readonly #options: FeedStreamOptions;
  readonly #source: CandleSource;
  readonly #pacer: Pacer;
  readonly #consumers = new Map<string, Consumer>();
  #headSeq: number;
  #isClosed = false;
  #wake: Timer | null = null;
  #reportTimer: Timer | null = null;
  #reportedSeq: number;
  #reportedMs = -Infinity;

  constructor(options: FeedStreamOptions) {
    const { stream, source, simulationSpeed, runtime } = options;
    const lastSeq = (source.totalCandles ?? Infinity) - 1;
    this.#options = options;
    this.#source = source;
    this.#headSeq = Math.min(options.headSeq, lastSeq);
    this.#reportedSeq = this.#headSeq;
    this.#pacer = createPacer({
      feed: stream.feed,
      source,
      headSeq: this.#headSeq,
      simulationSpeed,
      nowMs: runtime.clock.monotonicMs(),
    });
    this.#armWake();
  }

  /** Last candle that was published: by the market's clock, or for a file to any consumer. */
  get headSeq(): number {
    return this.#headSeq;
  }

  /** The answer to `openStream`. */
  describe(): StreamOpened {
    return {
      streamId: this.#options.stream.streamId,
      headSeq: this.#headSeq,
      totalCandles: this.#source.totalCandles,
      firstAt: this.#source.openAt(0),
    };
  }

  /** A consumer wants candles; the place it had before is forgotten. */
  subscribe(link: string, { fromSeq, windowCandles }: Subscription): void {
    this.#consumers.set(link, {
      nextSeq: fromSeq,
      limitSeq: fromSeq + windowCandles - 1,
      windowCandles,
      isEnded: false,
    });
    this.#pacer.begin(this.#nowMs(), fromSeq);
    this.#advance();
  }

  /** Whether somebody reads at the end of this link. */
  has(link: string): boolean {
    return this.#consumers.has(link);
  }

  /** A consumer is done with the candles up to `seq`: its window moves on. */
  consumed(link: string, seq: number): void {
    const consumer = this.#consumers.get(link);
    if (consumer === undefined) return;
    const limitSeq = Math.min(seq, consumer.nextSeq - 1) +
      consumer.windowCandles;
    if (limitSeq <= consumer.limitSeq) return;
    consumer.limitSeq = limitSeq;
    this.#pump(link);
    this.#scheduleReport();
  }

  unsubscribe(link: string): void {
    this.#consumers.delete(link);
  }

  /** Sends what is due to a consumer that has credit again. */
  credited(link: string): void {
    this.#pump(link);
    this.#scheduleReport();
  }

  /** Ends the stream. The newest head is reported, so that the next incarnation starts behind it. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wake?.cancel();
    this.#reportTimer?.cancel();
    this.#reportTimer = null;
    if (this.#headSeq > this.#reportedSeq) this.#report();
    this.#consumers.clear();
    this.#source.release();
  }

  #nowMs(): number {
    return this.#options.runtime.clock.monotonicMs();
  }

  /** Lets time pass: publishes what is due and sleeps until more is. */
  #advance(): void {
    for (const link of this.#consumers.keys()) this.#pump(link);
    if (this.#source.totalCandles === null) {
      this.#headSeq = Math.max(
        this.#headSeq,
        this.#pacer.dueSeq(this.#nowMs()),
      );
    }
    this.#scheduleReport();
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

  #pump(link: string): void {
    const consumer = this.#consumers.get(link);
    if (consumer === undefined) return;
    const { runtime } = this.#options;
    const dueSeq = this.#pacer.dueSeq(this.#nowMs());
    const lastSeq = Math.min(dueSeq, consumer.limitSeq);
    // Each turn uses up one credit, so the loop ends with the consumer's window.
    while (consumer.nextSeq <= lastSeq && runtime.credits(link) > 0) {
      const fromSeq = consumer.nextSeq;
      const count = Math.min(BATCH_CANDLES_MAX, lastSeq - fromSeq + 1);
      const packed = this.#source.packed(fromSeq, count);
      const batch: CandleBatch = { type: "candles", fromSeq, count, packed };
      const hedge = this.#source.hedge?.(fromSeq, count);
      if (hedge === undefined) runtime.send(link, batch, [packed.buffer]);
      else {
        batch.hedge = hedge;
        runtime.send(link, batch, [packed.buffer, hedge.buffer]);
      }
      consumer.nextSeq += count;
      this.#headSeq = Math.max(this.#headSeq, consumer.nextSeq - 1);
    }
    this.#endIfDone(link, consumer);
  }

  #endIfDone(link: string, consumer: Consumer): void {
    const { totalCandles } = this.#source;
    // A consumer that subscribed beyond the end wants silence, not the end.
    if (consumer.isEnded || consumer.nextSeq !== totalCandles) return;
    const { runtime } = this.#options;
    if (runtime.credits(link) === 0) return;
    consumer.isEnded = true;
    const ended: FeedEnded = { type: "ended", lastSeq: totalCandles - 1 };
    runtime.send(link, ended);
  }

  /** Reports the head now, or when a second has passed since the last report; the newest wins. */
  #scheduleReport(): void {
    if (this.#headSeq <= this.#reportedSeq || this.#reportTimer !== null) {
      return;
    }
    const waitMs = this.#reportedMs + REPORT_INTERVAL_MS - this.#nowMs();
    if (waitMs <= 0) {
      this.#report();
      return;
    }
    this.#reportTimer = this.#options.runtime.clock.after(waitMs, () => {
      this.#reportTimer = null;
      this.#report();
    });
  }

  #report(): void {
    this.#reportedSeq = this.#headSeq;
    this.#reportedMs = this.#nowMs();
    const report: FeedReport = {
      kind: "feed",
      streamId: this.#options.stream.streamId,
      headSeq: this.#headSeq,
      candle: this.#source.candle(this.#headSeq),
    };
    this.#options.runtime.report(report);
  }
}
