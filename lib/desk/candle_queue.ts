import { type Candle, unpackCandle } from "../contracts/candle.ts";
import type { CandleBatch } from "../contracts/links.ts";
import { assert } from "../core/assert.ts";
import { CANDLE_BATCHES_MAX, CANDLE_BATCHES_PARK } from "./limits.ts";

/** Where a feed is sent to have it stop: no stream gets that far. */
export const PARKED_SEQ = Number.MAX_SAFE_INTEGER;

/**
 * Candles that wait for a decision. Credit alone cannot hold a feed back here:
 * an actor takes its messages one at a time, so a candle that is not yet
 * consumed would also hold up the decision it waits for. So the queue asks for
 * what it wants by subscribing: far ahead when it is full, and at the next
 * candle when there is room again.
 */
export class CandleQueue {
  readonly #subscribe: (fromSeq: number) => void;
  #batches: CandleBatch[] = [];
  /** Place of the next candle in the first batch. */
  #index = 0;
  /** The candle that is to be queued next. */
  #nextSeq: number;
  #isParked = false;
  /** Whether batches of before a stop may still be under way, which leaves gaps. */
  #mayHaveGap = false;

  /** `subscribe` asks the feed for candles from a number on. */
  constructor(nextSeq: number, subscribe: (fromSeq: number) => void) {
    this.#nextSeq = nextSeq;
    this.#subscribe = subscribe;
  }

  /** Starts anew on a newly opened link. */
  open(nextSeq: number): void {
    this.clear();
    this.#nextSeq = nextSeq;
    this.#subscribe(nextSeq);
  }

  /** Forgets what waits; the link is gone. */
  clear(): void {
    this.#nextSeq = this.peek()?.seq ?? this.#nextSeq;
    this.#batches = [];
    this.#index = 0;
    this.#isParked = false;
    this.#mayHaveGap = false;
  }

  /**
   * Queues a batch. What was queued before is skipped.
   *
   * @throws {DefectError} If candles are missing before it that nobody asked to leave out.
   */
  offer(batch: CandleBatch): void {
    const skipped = this.#nextSeq - batch.fromSeq;
    if (skipped >= batch.count) return;
    if (skipped < 0) {
      assert(
        this.#mayHaveGap,
        `Candle ${this.#nextSeq} is missing, the batch starts at ${batch.fromSeq}`,
      );
      return;
    }
    if (this.#batches.length >= CANDLE_BATCHES_MAX) return;
    this.#batches.push(skipped > 0 ? tailOf(batch, skipped) : batch);
    this.#nextSeq = batch.fromSeq + batch.count;
    if (!this.#isParked && this.#batches.length >= CANDLE_BATCHES_PARK) {
      this.#isParked = true;
      this.#mayHaveGap = true;
      this.#subscribe(PARKED_SEQ);
    }
  }

  /** The next candle, or null while none waits. */
  peek(): Candle | null {
    const batch = this.#batches[0];
    return batch === undefined
      ? null
      : unpackCandle(batch.packed, this.#index, batch.fromSeq);
  }

  /** Takes the candle that {@link CandleQueue.peek} shows. */
  take(): void {
    this.#index++;
    if (this.#index < this.#batches[0]!.count) return;
    this.#batches.shift();
    this.#index = 0;
    if (this.#isParked && this.#batches.length <= CANDLE_BATCHES_PARK / 2) {
      this.#isParked = false;
      this.#subscribe(this.#nextSeq);
    }
  }
}

function tailOf(batch: CandleBatch, skipped: number): CandleBatch {
  const width = batch.packed.length / batch.count;
  return {
    type: "candles",
    fromSeq: batch.fromSeq + skipped,
    count: batch.count - skipped,
    packed: batch.packed.subarray(skipped * width),
  };
}
