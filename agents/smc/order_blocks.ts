import type { Bias, PatternEvent } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import type { FairValueGapDetector } from "./fair_value_gaps.ts";
import { findLeg } from "./leg.ts";
import { DISPLACEMENT_ATR } from "./limits.ts";
import type { StructureDetector } from "./structure.ts";
import { ZONE_STAGE, ZoneBook, type ZoneBookSnapshot } from "./zone_book.ts";

/** State of an {@link OrderBlockDetector}. */
export interface OrderBlockSnapshot {
  up: ZoneBookSnapshot;
  down: ZoneBookSnapshot;
}

/** Blocks of one side with the prices between which none of them changes. */
interface BlockSide {
  book: ZoneBook;
  /** Signed price; at or below it a block is touched or broken. */
  trigger: number;
  /** Signed price; a close above it ends a broken block. */
  breakerTrigger: number;
}

/**
 * Order blocks (docs/trading-model.md), created at the candle that
 * breaks structure. For a bullish break of the swing high z at candle t:
 *
 * - block candle e = the lowest low of z+1 .. t−1, the latest among equals.
 *   This is the choice of the public Python reference package and of LuxAlgo;
 *   "the last bearish candle before the move" names the same candle most of
 *   the time, and the extreme has the whole leg above it;
 * - zone = the candle's whole range, low[e] to high[e];
 * - displaced when the leg, from low[e] to the highest high of e .. t, is at
 *   least 1.5 ATR(14), or when a bullish gap lies within e .. t.
 *
 * Stages for a bullish block, from t + 1 on: `touched` when low ≤ top;
 * `broken` when close < bottom (it becomes a breaker); `ended` when a broken
 * block is closed back through (close > top), when it is older than the zone
 * age, or when its place is needed. Bearish mirrored. While a block is active,
 * a second break whose leg starts at the same candle makes no second block.
 */
export class OrderBlockDetector {
  readonly #series: CandleSeries;
  readonly #structure: StructureDetector;
  readonly #gaps: FairValueGapDetector;
  readonly #maxAge: number;
  readonly #up = createSide(1);
  readonly #down = createSide(-1);

  constructor(options: {
    series: CandleSeries;
    structure: StructureDetector;
    gaps: FairValueGapDetector;
    maxZoneAgeCandles: number;
  }) {
    this.#series = options.series;
    this.#structure = options.structure;
    this.#gaps = options.gaps;
    this.#maxAge = options.maxZoneAgeCandles;
  }

  /** How many blocks are active, breakers included. */
  get activeCount(): number {
    return this.#up.book.count + this.#down.book.count;
  }

  /** Takes the newest candle; structure and gaps must have taken it before. */
  step(events: PatternEvent[]): void {
    const series = this.#series;
    const at = series.lastSeq & SERIES_MASK;
    this.#update(this.#up, series.low[at]!, events);
    this.#update(this.#down, -series.high[at]!, events);
    const bias = this.#structure.breakBias;
    if (bias > 0) this.#create(this.#up, events);
    else if (bias < 0) this.#create(this.#down, events);
  }

  #create(side: BlockSide, events: PatternEvent[]): void {
    const series = this.#series;
    const book = side.book;
    const seq = series.lastSeq;
    const leg = findLeg(series, {
      swingSeq: this.#structure.brokenSwingSeq,
      bias: book.bias,
    });
    if (book.hasRef(leg.originSeq)) return;
    if (book.isFull) {
      this.#end(side, 0, events);
      book.compact();
    }
    const atr = series.atr[seq & SERIES_MASK]!;
    const origin = leg.originSeq & SERIES_MASK;
    book.add({
      top: series.high[origin]!,
      bottom: series.low[origin]!,
      refSeq: leg.originSeq,
      refAt: series.openAt[origin]!,
      createdSeq: seq,
      id: `ob-${leg.originSeq}-${seq}`,
      displaced: (atr > 0 && leg.height >= DISPLACEMENT_ATR * atr) ||
        this.#gaps.lastRefSeq(book.bias) > leg.originSeq,
    });
    const index = book.count - 1;
    if (book.near[index]! > side.trigger) side.trigger = book.near[index]!;
    events.push(this.#event(side, index, "created"));
  }

  #update(side: BlockSide, reach: number, events: PatternEvent[]): void {
    const book = side.book;
    if (book.count === 0) return;
    const seq = this.#series.lastSeq;
    const close = this.#series.close[seq & SERIES_MASK]! * book.bias;
    const isOldestOver = seq - book.createdSeq[0]! > this.#maxAge;
    if (
      reach > side.trigger && close <= side.breakerTrigger && !isOldestOver
    ) return;
    side.trigger = -Infinity;
    side.breakerTrigger = Infinity;
    let hasGone = false;
    for (let index = 0; index < book.count; index++) {
      this.#advance(side, index, reach, close, events);
      const stage = book.stage[index]!;
      const near = book.near[index]!;
      if (stage === ZONE_STAGE.gone) {
        hasGone = true;
      } else if (stage === ZONE_STAGE.crossed) {
        if (near < side.breakerTrigger) side.breakerTrigger = near;
      } else {
        const next = stage === ZONE_STAGE.fresh ? near : book.far[index]!;
        if (next > side.trigger) side.trigger = next;
      }
    }
    if (hasGone) book.compact();
  }

  // Positional arguments: this runs for every block near the price and must not allocate.
  #advance(
    side: BlockSide,
    index: number,
    reach: number,
    close: number,
    events: PatternEvent[],
  ): void {
    const book = side.book;
    if (this.#series.lastSeq - book.createdSeq[index]! > this.#maxAge) {
      this.#end(side, index, events);
      return;
    }
    if (book.stage[index] === ZONE_STAGE.crossed) {
      if (close > book.near[index]!) this.#end(side, index, events);
      return;
    }
    if (book.stage[index] === ZONE_STAGE.fresh) {
      if (reach > book.near[index]!) return;
      book.stage[index] = ZONE_STAGE.touched;
      events.push(this.#event(side, index, "touched"));
    }
    if (close < book.far[index]!) {
      book.stage[index] = ZONE_STAGE.crossed;
      events.push(this.#event(side, index, "broken"));
    }
  }

  #end(side: BlockSide, index: number, events: PatternEvent[]): void {
    side.book.stage[index] = ZONE_STAGE.gone;
    events.push(this.#event(side, index, "ended"));
  }

  #event(
    side: BlockSide,
    index: number,
    stage: "created" | "touched" | "broken" | "ended",
  ): PatternEvent {
    const book = side.book;
    const seq = this.#series.lastSeq;
    return {
      kind: "order_block",
      stage,
      seq,
      at: this.#series.openAt[seq & SERIES_MASK]!,
      refSeq: book.refSeq[index]!,
      refAt: book.refAt[index]!,
      bias: book.bias,
      id: book.ids[index]!,
      top: book.top(index),
      bottom: book.bottom(index),
      displaced: book.displaced[index] === 1,
    };
  }

  snapshot(): OrderBlockSnapshot {
    return { up: this.#up.book.snapshot(), down: this.#down.book.snapshot() };
  }

  restore(snapshot: OrderBlockSnapshot): void {
    this.#up.book.restore(snapshot.up);
    this.#down.book.restore(snapshot.down);
    // The first candle looks at every block and finds the exact triggers again.
    this.#up.trigger = Infinity;
    this.#down.trigger = Infinity;
  }
}

function createSide(bias: Bias): BlockSide {
  return {
    book: new ZoneBook(bias),
    trigger: -Infinity,
    breakerTrigger: Infinity,
  };
}
