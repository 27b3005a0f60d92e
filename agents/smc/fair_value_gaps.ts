import type { Bias } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { CODE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";
import {
  type NewestZone,
  newestZone,
  ZONE_STAGE,
  ZoneBook,
  type ZoneBookSnapshot,
} from "./zone_book.ts";

const CREATED = CODE["fvg.created"];
const TOUCHED = CODE["fvg.touched"];
const FILLED = CODE["fvg.filled"];
const INVERTED = CODE["fvg.inverted"];

/** State of a {@link FairValueGapDetector}. */
export interface FairValueGapSnapshot {
  up: ZoneBookSnapshot;
  down: ZoneBookSnapshot;
  lastUpRefSeq: number;
  lastDownRefSeq: number;
}

/** Gaps of one side with the price at which the next one of them changes. */
interface GapSide {
  book: ZoneBook;
  /** Signed price; while the candle stays above it, no gap of this side changes. */
  trigger: number;
  lastRefSeq: number;
}

/**
 * Fair value gaps (docs/trading-model.md). With i the middle
 * candle: bullish when close[i] > open[i] and high[i−1] < low[i+1], zone from
 * high[i−1] to low[i+1]; bearish mirrored. The colour rule of the reference
 * package is kept (many traders drop it), so that the stream equals the
 * reference's rows; a doji makes no gap. There is no filter by size here: the
 * strategy has one.
 *
 * Stages for a bullish gap, one after the other, several may fall on one
 * candle: `created` at the close of i + 1; `touched` when low ≤ top; `filled`
 * when low ≤ bottom; `inverted` when close < bottom, which ends it. A gap
 * older than the zone age is forgotten without an event.
 */
export class FairValueGapDetector {
  readonly #series: CandleSeries;
  readonly #log: PatternLog;
  readonly #maxAge: number;
  readonly #up: GapSide = {
    book: new ZoneBook(1),
    trigger: -Infinity,
    lastRefSeq: -1,
  };
  readonly #down: GapSide = {
    book: new ZoneBook(-1),
    trigger: -Infinity,
    lastRefSeq: -1,
  };

  constructor(options: {
    series: CandleSeries;
    log: PatternLog;
    maxZoneAgeCandles: number;
  }) {
    this.#series = options.series;
    this.#log = options.log;
    this.#maxAge = options.maxZoneAgeCandles;
  }

  /** How many gaps are active. */
  get activeCount(): number {
    return this.#up.book.count + this.#down.book.count;
  }

  /** Middle candle of the newest gap of a side, whatever became of it; −1 before the first. */
  lastRefSeq(bias: Bias): number {
    return bias > 0 ? this.#up.lastRefSeq : this.#down.lastRefSeq;
  }

  /** The gap of a side that the newest candle completed, or null. */
  newest(bias: Bias): NewestZone | null {
    return newestZone(
      bias > 0 ? this.#up.book : this.#down.book,
      this.#series.lastSeq,
    );
  }

  /** Near edge, times the bias, of the untouched gap of a side that price reaches first; −Infinity where there is none. */
  nearestFresh(bias: Bias): number {
    return (bias > 0 ? this.#up : this.#down).book.nearestFresh();
  }

  /** Takes the newest candle of the series. */
  step(): void {
    const series = this.#series;
    const at = series.lastSeq & SERIES_MASK;
    this.#update(this.#up, series.low[at]!);
    this.#update(this.#down, -series.high[at]!);
    this.#detect();
  }

  #detect(): void {
    const series = this.#series;
    const seq = series.lastSeq;
    if (seq - series.firstSeq < 2) return;
    const first = (seq - 2) & SERIES_MASK;
    const middle = (seq - 1) & SERIES_MASK;
    const last = seq & SERIES_MASK;
    const body = series.close[middle]! - series.open[middle]!;
    if (body > 0 && series.high[first]! < series.low[last]!) {
      this.#create(this.#up);
    } else if (body < 0 && series.low[first]! > series.high[last]!) {
      this.#create(this.#down);
    }
  }

  #create(side: GapSide): void {
    const series = this.#series;
    const seq = series.lastSeq;
    const first = (seq - 2) & SERIES_MASK;
    const last = seq & SERIES_MASK;
    const book = side.book;
    if (book.isFull) {
      book.stage[0] = ZONE_STAGE.gone;
      book.compact();
    }
    const isUp = book.bias > 0;
    book.add({
      top: isUp ? series.low[last]! : series.low[first]!,
      bottom: isUp ? series.high[first]! : series.high[last]!,
      refSeq: seq - 1,
      refAt: series.openAt[(seq - 1) & SERIES_MASK]!,
      createdSeq: seq,
      displaced: false,
    });
    side.lastRefSeq = seq - 1;
    const index = book.count - 1;
    if (book.near[index]! > side.trigger) side.trigger = book.near[index]!;
    this.#tell(CREATED, side, index);
  }

  /** `reach` is the candle's signed price nearest to the zones: low for bullish gaps, −high for bearish ones. */
  #update(side: GapSide, reach: number): void {
    const book = side.book;
    if (book.count === 0) return;
    const seq = this.#series.lastSeq;
    const isOldestOver = seq - book.createdSeq[0]! > this.#maxAge;
    if (reach > side.trigger && !isOldestOver) return;
    const close = this.#series.close[seq & SERIES_MASK]! * book.bias;
    let trigger = -Infinity;
    let hasGone = false;
    for (let index = 0; index < book.count; index++) {
      let next = nextPrice(book, index);
      // Most gaps are far away: for them nothing but their price is read.
      if (reach <= next || isOldestOver) {
        this.#advance(side, index, reach, close);
        if (book.stage[index] === ZONE_STAGE.gone) {
          hasGone = true;
          continue;
        }
        next = nextPrice(book, index);
      }
      if (next > trigger) trigger = next;
    }
    side.trigger = trigger;
    if (hasGone) book.compact();
  }

  // Positional arguments: this runs for every gap near the price and must not allocate.
  #advance(
    side: GapSide,
    index: number,
    reach: number,
    close: number,
  ): void {
    const book = side.book;
    const far = book.far[index]!;
    if (this.#series.lastSeq - book.createdSeq[index]! > this.#maxAge) {
      book.stage[index] = ZONE_STAGE.gone;
      return;
    }
    if (book.stage[index] === ZONE_STAGE.fresh) {
      if (reach > book.near[index]!) return;
      book.stage[index] = ZONE_STAGE.touched;
      this.#tell(TOUCHED, side, index);
    }
    if (book.stage[index] === ZONE_STAGE.touched) {
      if (reach > far) return;
      book.stage[index] = ZONE_STAGE.crossed;
      this.#tell(FILLED, side, index);
    }
    if (close < far) {
      book.stage[index] = ZONE_STAGE.gone;
      this.#tell(INVERTED, side, index);
    }
  }

  #tell(code: number, { book }: GapSide, index: number): void {
    const refSeq = book.refSeq[index]!;
    const refAt = book.refAt[index]!;
    this.#log.add(
      code,
      book.bias,
      0,
      refSeq,
      refAt,
      book.top(index),
      book.bottom(index),
    );
  }

  snapshot(): FairValueGapSnapshot {
    return {
      up: this.#up.book.snapshot(),
      down: this.#down.book.snapshot(),
      lastUpRefSeq: this.#up.lastRefSeq,
      lastDownRefSeq: this.#down.lastRefSeq,
    };
  }

  restore(snapshot: FairValueGapSnapshot): void {
    this.#up.book.restore(snapshot.up);
    this.#down.book.restore(snapshot.down);
    this.#up.lastRefSeq = snapshot.lastUpRefSeq;
    this.#down.lastRefSeq = snapshot.lastDownRefSeq;
    // The first candle looks at every gap and finds the exact triggers again.
    this.#up.trigger = Infinity;
    this.#down.trigger = Infinity;
  }
}

/** Signed price at or below which a gap changes. */
function nextPrice(book: ZoneBook, index: number): number {
  return book.stage[index] === ZONE_STAGE.fresh
    ? book.near[index]!
    : book.far[index]!;
}
