import type { FeedConfig } from "../contracts/feed.ts";
import type { CandleSource } from "./feed_source.ts";
import { REPLAY_GAP_CANDLES_MAX } from "./limits.ts";

/** Says which candles of a stream are due. All times are of the monotonic clock. */
export interface Pacer {
  /** A consumer has subscribed from this candle on; the first one starts the time of a paced replay. */
  begin(nowMs: number, fromSeq: number): void;
  /** The last candle that is due now; −1 before the first. */
  dueSeq(nowMs: number): number;
  /** How long until a further candle is due; null if none will be by waiting. */
  waitMs(nowMs: number): number | null;
}

/** Feeds whose candles can all be made at any time; an exchange's come when they are over. */
export type PacedFeed = Exclude<FeedConfig, { kind: "exchange" }>;

/** What a pacer is made from. */
export interface PacerOptions {
  feed: PacedFeed;
  source: CandleSource;
  /** Last candle published by an earlier incarnation; −1 for none. */
  headSeq: number;
  /** Simulated market time per real time. */
  simulationSpeed: number;
  nowMs: number;
}

/** Creates the pacer that a feed asks for. */
export function createPacer(options: PacerOptions): Pacer {
  const { feed } = options;
  if (feed.kind === "simulated") return new MarketPacer(options);
  return feed.speed === "max"
    ? new UnpacedReplay(options.source)
    : new PacedReplay(options, feed.speed);
}

/** A market that goes on whoever listens, from where it stopped when the process did. */
class MarketPacer implements Pacer {
  readonly #headSeq: number;
  readonly #openedMs: number;
  readonly #candleMs: number;

  constructor({ headSeq, source, simulationSpeed, nowMs }: PacerOptions) {
    this.#headSeq = headSeq;
    this.#openedMs = nowMs;
    this.#candleMs = source.stepMs / simulationSpeed;
  }

  begin(): void {}

  dueSeq(nowMs: number): number {
    return this.#headSeq + this.#elapsedCandles(nowMs);
  }

  waitMs(nowMs: number): number {
    const nextMs = (this.#elapsedCandles(nowMs) + 1) * this.#candleMs;
    return this.#openedMs + nextMs - nowMs;
  }

  #elapsedCandles(nowMs: number): number {
    return Math.floor((nowMs - this.#openedMs) / this.#candleMs);
  }
}

/** A file whose candles are all due at once: the consumers' credit is the pace. */
class UnpacedReplay implements Pacer {
  readonly #lastSeq: number;

  constructor(source: CandleSource) {
    this.#lastSeq = source.totalCandles! - 1;
  }

  begin(): void {}

  dueSeq(): number {
    return this.#lastSeq;
  }

  waitMs(): null {
    return null;
  }
}

/**
 * A file by its own open times, so many times faster. Time runs from the first
 * subscription; the first candle that was not published before is due at once.
 */
class PacedReplay implements Pacer {
  readonly #source: CandleSource;
  readonly #lastSeq: number;
  readonly #longestStepMs: number;
  readonly #speed: number;
  #dueSeq: number;
  /** When the last due candle became due; null before the first subscription. */
  #dueAtMs: number | null = null;

  constructor({ source, headSeq }: PacerOptions, speed: number) {
    this.#source = source;
    this.#lastSeq = source.totalCandles! - 1;
    this.#longestStepMs = source.stepMs * REPLAY_GAP_CANDLES_MAX;
    this.#speed = speed;
    this.#dueSeq = Math.min(headSeq, this.#lastSeq);
  }

  begin(nowMs: number, fromSeq: number): void {
    if (fromSeq > this.#lastSeq) return;
    if (this.#dueAtMs === null) {
      const firstSeq = Math.max(this.#dueSeq + 1, fromSeq);
      this.#dueSeq = Math.min(this.#lastSeq, firstSeq);
      this.#dueAtMs = nowMs;
    } else if (fromSeq > this.dueSeq(nowMs) + 1) {
      // Somebody had all the candles before this one, so they were due once.
      this.#dueSeq = fromSeq - 1;
      this.#dueAtMs = nowMs;
    }
  }

  dueSeq(nowMs: number): number {
    let dueAtMs = this.#dueAtMs;
    if (dueAtMs === null) return this.#dueSeq;
    while (this.#dueSeq < this.#lastSeq) {
      dueAtMs += this.#stepMs();
      if (dueAtMs > nowMs) break;
      this.#dueAtMs = dueAtMs;
      this.#dueSeq++;
    }
    return this.#dueSeq;
  }

  waitMs(nowMs: number): number | null {
    if (this.#dueAtMs === null || this.#dueSeq >= this.#lastSeq) return null;
    return this.#dueAtMs + this.#stepMs() - nowMs;
  }

  /** Real time from the last due candle to the next; a hole in the data is not waited out. */
  #stepMs(): number {
    const stepMs = this.#source.openAt(this.#dueSeq + 1) -
      this.#source.openAt(this.#dueSeq);
    return Math.min(stepMs, this.#longestStepMs) / this.#speed;
  }
}
