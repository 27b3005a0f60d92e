import type { Bias } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import type { FairValueGapDetector } from "./fair_value_gaps.ts";
import { findLeg } from "./leg.ts";
import { DISPLACEMENT_ATR } from "./limits.ts";
import { CODE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";
import type { StructureDetector } from "./structure.ts";
import {
  type NewestZone,
  newestZone,
  ZONE_STAGE,
  ZoneBook,
  type ZoneBookSnapshot,
} from "./zone_book.ts";

const CREATED = CODE["order_block.created"];
const TOUCHED = CODE["order_block.touched"];
const BROKEN = CODE["order_block.broken"];
const ENDED = CODE["order_block.ended"];

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
  readonly #log: PatternLog;
  readonly #structure: StructureDetector;
  readonly #gaps: FairValueGapDetector;
  readonly #maxAge: number;
  readonly #up = createSide(1);
  readonly #down = createSide(-1);

  constructor(options: {
    series: CandleSeries;
    log: PatternLog;
    structure: StructureDetector;
    gaps: FairValueGapDetector;
    maxZoneAgeCandles: number;
  }) {
    this.#series = options.series;
    this.#log = options.log;
    this.#structure = options.structure;
    this.#gaps = options.gaps;
    this.#maxAge = options.maxZoneAgeCandles;
  }

  /** How many blocks are active, breakers included. */
  get activeCount(): number {
    return this.#up.book.count + this.#down.book.count;
  }

  /** The block of a side that the newest candle made, or null. */
  newest(bias: Bias): NewestZone | null {
    return newestZone(
      bias > 0 ? this.#up.book : this.#down.book,
      this.#series.lastSeq,
    );
  }

  /** Near edge, times the bias, of the untouched block of a side that price reaches first; −Infinity where there is none. */
  nearestFresh(bias: Bias): number {
    return (bias > 0 ? this.#up : this.#down).book.nearestFresh();
  }

  /** Takes the newest candle; structure and gaps must have taken it before. */
  step(): void {
    const series = this.#series;
    const at = series.lastSeq & SERIES_MASK;
    this.#update(this.#up, series.low[at]!);
    this.#update(this.#down, -series.high[at]!);
    const bias = this.#structure.breakBias;
    if (bias > 0) this.#create(this.#up);
    else if (bias < 0) this.#create(this.#down);
  }

  #create(side: BlockSide): void {
    const series = this.#series;
    const book = side.book;
    const seq = series.lastSeq;
    const leg = findLeg(series, {
      swingSeq: this.#structure.brokenSwingSeq,
      bias: book.bias,
    });
    if (book.hasRef(leg.originSeq)) return;
    if (book.isFull) {
      this.#end(side, 0);
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
      displaced: (atr > 0 && leg.height >= DISPLACEMENT_ATR * atr) ||
        this.#gaps.lastRefSeq(book.bias) > leg.originSeq,
    });
    const index = book.count - 1;
    if (book.near[index]! > side.trigger) side.trigger = book.near[index]!;
    this.#tell(CREATED, side, index);
  }

  #update(side: BlockSide, reach: number): void {
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
      this.#advance(side, index, reach, close);
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
  ): void {
    const book = side.book;
    if (this.#series.lastSeq - book.createdSeq[index]! > this.#maxAge) {
      this.#end(side, index);
      return;
    }
    if (book.stage[index] === ZONE_STAGE.crossed) {
      if (close > book.near[index]!) this.#end(side, index);
      return;
    }
    if (book.stage[index] === ZONE_STAGE.fresh) {
      if (reach > book.near[index]!) return;
      book.stage[index] = ZONE_STAGE.touched;
      this.#tell(TOUCHED, side, index);
    }
    if (close < book.far[index]!) {
      book.stage[index] = ZONE_STAGE.crossed;
      this.#tell(BROKEN, side, index);
    }
  }

  #end(side: BlockSide, index: number): void {
    side.book.stage[index] = ZONE_STAGE.gone;
    this.#tell(ENDED, side, index);
  }

  #tell(code: number, { book }: BlockSide, index: number): void {
    this.#log.add(
      code,
      book.bias,
      book.displaced[index]!,
      book.refSeq[index]!,
      book.refAt[index]!,
      book.top(index),
      book.bottom(index),
      book.createdSeq[index]!,
    );
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
