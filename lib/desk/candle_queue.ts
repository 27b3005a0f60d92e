import {
  type Candle,
  CANDLE_WIDTH,
  HEDGE_WIDTH,
  unpackCandle,
  unpackHedge,
} from "../contracts/candle.ts";
import type {
  CandleBatch,
  CandlesConsumed,
  SubscribeCandles,
} from "../contracts/links.ts";
import { assert } from "../core/assert.ts";
import { CANDLES_WINDOW, CONSUMED_EVERY } from "./limits.ts";

/**
 * Candles that wait for a decision. Credit alone cannot hold a feed back here:
 * an actor takes its messages one at a time, so a batch that is kept until it is
 * consumed would also hold up the decision it waits for. So the queue tells the
 * feed its window, and what it has consumed of it.
 */
export class CandleQueue {
  readonly #send: (message: SubscribeCandles | CandlesConsumed) => void;
  #batches: CandleBatch[] = [];
  /** Place of the next candle in the first batch. */
  #index = 0;
  /** The candle that is to be queued next. */
  #nextSeq = 0;
  /** Last candle that the feed knows to be consumed. */
  #toldSeq = -1;

  /** `send` tells the feed. */
  constructor(send: (message: SubscribeCandles | CandlesConsumed) => void) {
    this.#send = send;
  }

  /** Starts on a newly opened link with candle `fromSeq`. */
  open(
    fromSeq: number,
    { wantsQuotes = false }: { wantsQuotes?: boolean } = {},
  ): void {
    this.clear();
    this.#nextSeq = fromSeq;
    this.#toldSeq = fromSeq - 1;
    this.#send({
      type: "subscribe",
      fromSeq,
      windowCandles: CANDLES_WINDOW,
      ...(wantsQuotes ? { wantsQuotes } : {}),
    });
  }

  /** Forgets what waits; the link is gone. */
  clear(): void {
    this.#batches = [];
    this.#index = 0;
  }

  /**
   * Queues a batch; what came before is skipped.
   *
   * @throws {DefectError} If candles are missing before it, or the feed sent more than the window.
   */
  offer(batch: CandleBatch): void {
    const skipped = this.#nextSeq - batch.fromSeq;
    if (skipped >= batch.count) return;
    assert(
      skipped >= 0,
      `Candle ${this.#nextSeq} is missing, the batch starts at ${batch.fromSeq}`,
    );
    this.#batches.push(skipped === 0 ? batch : tailOf(batch, skipped));
    this.#nextSeq = batch.fromSeq + batch.count;
    assert(
      this.#batches.length <= CANDLES_WINDOW,
      `A feed must keep to its window of ${CANDLES_WINDOW} candles`,
    );
  }

  /** The next candle, or null while none waits. */
  peek(): Candle | null {
    const batch = this.#batches[0];
    if (batch === undefined) return null;
    const candle = unpackCandle(batch.packed, this.#index, batch.fromSeq);
    if (batch.hedge !== undefined) {
      candle.hedge = unpackHedge(batch.hedge, this.#index);
    }
    return candle;
  }

  /** Takes the candle that {@link CandleQueue.peek} shows. */
  take(): void {
    const batch = this.#batches[0]!;
    const seq = batch.fromSeq + this.#index;
    this.#index++;
    if (this.#index === batch.count) {
      this.#batches.shift();
      this.#index = 0;
    }
    if (seq - this.#toldSeq < CONSUMED_EVERY) return;
    this.#toldSeq = seq;
    this.#send({ type: "consumed", seq });
  }
}

function tailOf(batch: CandleBatch, skipped: number): CandleBatch {
  return {
    type: "candles",
    fromSeq: batch.fromSeq + skipped,
    count: batch.count - skipped,
    packed: batch.packed.subarray(skipped * CANDLE_WIDTH),
    ...(batch.hedge === undefined
      ? {}
      : { hedge: batch.hedge.subarray(skipped * HEDGE_WIDTH) }),
  };
}
