import type { ActorRuntime } from "../../actors/program.ts";
import type { CandleBatch, FeedEnded } from "../contracts/links.ts";
import { BATCH_CANDLES_MAX } from "./limits.ts";

/** What a consumer asks for. */
export interface Subscription {
  fromSeq: number;
  /** How many candles the consumer will hold that it has not consumed; Infinity for as many as there is credit for. */
  windowCandles: number;
  wantsQuotes: boolean;
}

/** Where one consumer is. */
interface Consumer {
  nextSeq: number;
  /** Last candle that it may be sent before it has consumed more. */
  limitSeq: number;
  windowCandles: number;
  wantsQuotes: boolean;
  isEnded: boolean;
}

/** What consumers are served from. */
export interface CandleShelf {
  /** Null for an endless market. */
  readonly totalCandles: number | null;
  /** The last candle that may go out now; −1 before the first. */
  dueSeq(): number;
  /** The first candle that can be given; who wants an older one waits for it. */
  firstSeq(): number;
  /** A fresh packed copy whose buffer may be transferred. */
  packed(fromSeq: number, count: number): Float64Array<ArrayBuffer>;
  /** The same candles of the second market, also fresh; null where there is none. */
  hedge: ((fromSeq: number, count: number) => Float64Array<ArrayBuffer>) | null;
  /** Candles up to this one have gone out to somebody. */
  sent(seq: number): void;
}

/**
 * Those who read one stream, each at its own place. A candle goes out when it
 * is due and the consumer has credit for it; nothing is queued, because any
 * candle can be given again.
 */
export class CandleConsumers {
  readonly #shelf: CandleShelf;
  readonly #runtime: Pick<ActorRuntime, "send" | "credits">;
  readonly #consumers = new Map<string, Consumer>();

  constructor(
    shelf: CandleShelf,
    runtime: Pick<ActorRuntime, "send" | "credits">,
  ) {
    this.#shelf = shelf;
    this.#runtime = runtime;
  }

  get size(): number {
    return this.#consumers.size;
  }

  /** All links, or those that want best prices. */
  links(filter: { wantQuotes: boolean } = { wantQuotes: false }): string[] {
    return [...this.#consumers].flatMap(([link, { wantsQuotes }]) =>
      wantsQuotes || !filter.wantQuotes ? [link] : []
    );
  }

  /** The oldest candle that somebody waits for; Infinity for none. */
  get oldestWanted(): number {
    let oldest = Infinity;
    for (const { nextSeq } of this.#consumers.values()) {
      oldest = Math.min(oldest, nextSeq);
    }
    return oldest;
  }

  /** A consumer wants candles; the place it had before is forgotten. */
  add(
    link: string,
    { fromSeq, windowCandles, wantsQuotes }: Subscription,
  ): void {
    this.#consumers.set(link, {
      nextSeq: fromSeq,
      limitSeq: fromSeq + windowCandles - 1,
      windowCandles,
      wantsQuotes,
      isEnded: false,
    });
  }

  has(link: string): boolean {
    return this.#consumers.has(link);
  }

  remove(link: string): void {
    this.#consumers.delete(link);
  }

  clear(): void {
    this.#consumers.clear();
  }

  /** A consumer is done with the candles up to `seq`; tells whether its window moved on. */
  consumed(link: string, seq: number): boolean {
    const consumer = this.#consumers.get(link);
    if (consumer === undefined) return false;
    const limitSeq = Math.min(seq, consumer.nextSeq - 1) +
      consumer.windowCandles;
    if (limitSeq <= consumer.limitSeq) return false;
    consumer.limitSeq = limitSeq;
    return true;
  }

  /**
   * Sends everybody what is due at one moment. Asked for each of them, the last
   * candle could become due for the second alone, and nobody would wake for the
   * first any more.
   */
  pumpAll(): void {
    const dueSeq = this.#shelf.dueSeq();
    for (const link of this.#consumers.keys()) this.#pump(link, dueSeq);
  }

  /** Sends one consumer what is due, as far as its credit and window allow. */
  pump(link: string): void {
    this.#pump(link, this.#shelf.dueSeq());
  }

  #pump(link: string, dueSeq: number): void {
    const consumer = this.#consumers.get(link);
    if (consumer === undefined) return;
    const shelf = this.#shelf;
    const runtime = this.#runtime;
    if (consumer.nextSeq < shelf.firstSeq()) return;
    const lastSeq = Math.min(dueSeq, consumer.limitSeq);
    // Each turn uses up one credit, so the loop ends with the consumer's window.
    while (consumer.nextSeq <= lastSeq && runtime.credits(link) > 0) {
      const fromSeq = consumer.nextSeq;
      const count = Math.min(BATCH_CANDLES_MAX, lastSeq - fromSeq + 1);
      const packed = shelf.packed(fromSeq, count);
      const batch: CandleBatch = { type: "candles", fromSeq, count, packed };
      const hedge = shelf.hedge?.(fromSeq, count);
      if (hedge === undefined) runtime.send(link, batch, [packed.buffer]);
      else {
        batch.hedge = hedge;
        runtime.send(link, batch, [packed.buffer, hedge.buffer]);
      }
      consumer.nextSeq += count;
      shelf.sent(consumer.nextSeq - 1);
    }
    this.#endIfDone(link, consumer);
  }

  #endIfDone(link: string, consumer: Consumer): void {
    const { totalCandles } = this.#shelf;
    // A consumer that subscribed beyond the end wants silence, not the end.
    if (consumer.isEnded || consumer.nextSeq !== totalCandles) return;
    if (this.#runtime.credits(link) === 0) return;
    consumer.isEnded = true;
    const ended: FeedEnded = { type: "ended", lastSeq: totalCandles - 1 };
    this.#runtime.send(link, ended);
  }
}
