import type { DeskStepped } from "../lib/contracts/links.ts";
import { assert } from "../lib/core/assert.ts";
import { assertWholeBatch, type PackedCandles } from "./market/candle_batch.ts";

/** Candles that may wait for the desk, asked of the feed as its window. */
export const CANDLES_WINDOW = 512;

/** The feed hears what was consumed once in so many candles, well before the window is used up. */
export const CONSUMED_EVERY = 128;

/** Candle batches that may wait, were each of one candle. Past it, the feed broke its window: a defect. */
export const CANDLE_BATCHES_LIMIT = CANDLES_WINDOW;

/** Steps that may wait for their candles. A desk waits for each decision, so more than one is only left after a restart. */
export const DESK_STEPS_LIMIT = 1024;

/**
 * Joins the two streams an agent decides on (header of contracts/links.ts):
 * candle n is decided once candle n AND `stepped n` are here, in whichever
 * order they came, and never before n − 1.
 *
 * What was decided already is ignored when it comes again (a link was opened
 * anew). Any other gap or repeat is a defect: the peer did not keep to the
 * protocol, and guessing would trade on a wrong picture.
 */
export class StepSequencer {
  #decidedSeq: number;
  #nextCandleSeq: number;
  #nextStepSeq: number;
  #batches = new BoundedQueue<PackedCandles>(CANDLE_BATCHES_LIMIT);
  #steps = new BoundedQueue<DeskStepped>(DESK_STEPS_LIMIT);

  constructor(decidedSeq: number) {
    assert(
      Number.isSafeInteger(decidedSeq) && decidedSeq >= -1,
      `Decided sequence number must be −1 or higher, was ${decidedSeq}`,
    );
    this.#decidedSeq = decidedSeq;
    this.#nextCandleSeq = decidedSeq + 1;
    this.#nextStepSeq = decidedSeq + 1;
  }

  /** The last decided candle; −1 before the first. */
  get decidedSeq(): number {
    return this.#decidedSeq;
  }

  /** Whether the next candle can be decided now. */
  get isReady(): boolean {
    return this.#batches.size > 0 && this.#steps.size > 0;
  }

  /** The batch that holds the next candle. Only while {@link isReady}. */
  get batch(): PackedCandles {
    return this.#batches.first();
  }

  /** Place of the next candle in {@link batch}. */
  get batchIndex(): number {
    return this.#decidedSeq + 1 - this.#batches.first().fromSeq;
  }

  /** The step that belongs to the next candle. Only while {@link isReady}. */
  get step(): DeskStepped {
    return this.#steps.first();
  }

  /**
   * Takes candles of the feed.
   *
   * @throws {DefectError} On a gap, a repeat of candles that wait, or more batches than the limit.
   */
  offerCandles(batch: PackedCandles): void {
    assertWholeBatch(batch);
    const endSeq = batch.fromSeq + batch.count;
    if (endSeq <= this.#decidedSeq + 1) return;
    // The head of a batch may be decided already, but only where nothing waits before it.
    const overlapsDecided = this.#batches.size === 0 &&
      batch.fromSeq <= this.#decidedSeq;
    assert(
      overlapsDecided || batch.fromSeq === this.#nextCandleSeq,
      `Candles must go on at ${this.#nextCandleSeq}, started at ${batch.fromSeq}`,
    );
    this.#batches.push(batch);
    this.#nextCandleSeq = endSeq;
  }

  /**
   * Takes a step of the desk.
   *
   * @throws {DefectError} On a gap, a repeat of a step that waits, or more steps than the limit.
   */
  offerStep(step: DeskStepped): void {
    const { seq } = step;
    // Sentences are made only where they are needed: this runs for every candle.
    if (!Number.isSafeInteger(seq)) {
      assert(false, `Step must have a sequence number, was ${seq}`);
    }
    if (seq <= this.#decidedSeq) return;
    if (seq !== this.#nextStepSeq) {
      assert(false, `Steps must go on at ${this.#nextStepSeq}, was ${seq}`);
    }
    this.#steps.push(step);
    this.#nextStepSeq = seq + 1;
  }

  /** Marks the next candle as decided. */
  advance(): void {
    assert(this.isReady, "No candle is ready to be decided");
    this.#decidedSeq++;
    this.#steps.shift();
    const batch = this.#batches.first();
    if (this.#decidedSeq + 1 >= batch.fromSeq + batch.count) {
      this.#batches.shift();
    }
  }

  /** The feed's link was opened anew: what waits will be sent again. */
  reopenFeed(): void {
    this.#batches.clear();
    this.#nextCandleSeq = this.#decidedSeq + 1;
  }

  /** The desk's link was opened anew: what waits will be sent again. */
  reopenDesk(): void {
    this.#steps.clear();
    this.#nextStepSeq = this.#decidedSeq + 1;
  }
}

/** A queue in a preallocated ring; overflow is a defect. */
class BoundedQueue<T> {
  readonly #limit: number;
  readonly #items: (T | undefined)[];
  #head = 0;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#items = new Array(limit).fill(undefined);
  }

  get size(): number {
    return this.#size;
  }

  first(): T {
    assert(this.#size > 0, "Queue is empty");
    return this.#items[this.#head]!;
  }

  push(item: T): void {
    if (this.#size >= this.#limit) {
      assert(false, `More than ${this.#limit} messages wait`);
    }
    this.#items[(this.#head + this.#size) % this.#limit] = item;
    this.#size++;
  }

  shift(): void {
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.#limit;
    this.#size--;
  }

  clear(): void {
    this.#items.fill(undefined);
    this.#head = 0;
    this.#size = 0;
  }
}
