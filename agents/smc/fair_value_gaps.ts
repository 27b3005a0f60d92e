import type { Bias, PatternEvent } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { ZONE_STAGE, ZoneBook, type ZoneBookSnapshot } from "./zone_book.ts";

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

  constructor(options: { series: CandleSeries; maxZoneAgeCandles: number }) {
    this.#series = options.series;
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

  /** Takes the newest candle of the series. */
  step(events: PatternEvent[]): void {
    const series = this.#series;
    const at = series.lastSeq & SERIES_MASK;
    this.#update(this.#up, series.low[at]!, events);
    this.#update(this.#down, -series.high[at]!, events);
    this.#detect(events);
  }

  #detect(events: PatternEvent[]): void {
    const series = this.#series;
    const seq = series.lastSeq;
    if (seq - series.firstSeq < 2) return;
    const first = (seq - 2) & SERIES_MASK;
    const middle = (seq - 1) & SERIES_MASK;
    const last = seq & SERIES_MASK;
    const body = series.close[middle]! - series.open[middle]!;
    if (body > 0 && series.high[first]! < series.low[last]!) {
      this.#create(this.#up, events);
    } else if (body < 0 && series.low[first]! > series.high[last]!) {
      this.#create(this.#down, events);
    }
  }

  #create(side: GapSide, events: PatternEvent[]): void {
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
      // A candle is the middle of at most one gap.
      id: `fvg-${seq - 1}`,
      displaced: false,
    });
    side.lastRefSeq = seq - 1;
    const index = book.count - 1;
    if (book.near[index]! > side.trigger) side.trigger = book.near[index]!;
    events.push(this.#event(side, index, "created"));
  }

  /** `reach` is the candle's signed price nearest to the zones: low for bullish gaps, −high for bearish ones. */
  #update(side: GapSide, reach: number, events: PatternEvent[]): void {
    const book = side.book;
    if (book.count === 0) return;
    const seq = this.#series.lastSeq;
    const isOldestOver = seq - book.createdSeq[0]! > this.#maxAge;
    if (reach > side.trigger && !isOldestOver) return;
    const close = this.#series.close[seq & SERIES_MASK]! * book.bias;
    let trigger = -Infinity;
    let hasGone = false;
    for (let index = 0; index < book.count; index++) {
      this.#advance(side, index, reach, close, events);
      const stage = book.stage[index]!;
      if (stage === ZONE_STAGE.gone) {
        hasGone = true;
        continue;
      }
      const next = stage === ZONE_STAGE.fresh
        ? book.near[index]!
        : book.far[index]!;
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
    events: PatternEvent[],
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
      events.push(this.#event(side, index, "touched"));
    }
    if (book.stage[index] === ZONE_STAGE.touched) {
      if (reach > far) return;
      book.stage[index] = ZONE_STAGE.crossed;
      events.push(this.#event(side, index, "filled"));
    }
    if (close < far) {
      book.stage[index] = ZONE_STAGE.gone;
      events.push(this.#event(side, index, "inverted"));
    }
  }

  #event(
    side: GapSide,
    index: number,
    stage: "created" | "touched" | "filled" | "inverted",
  ): PatternEvent {
    const book = side.book;
    const seq = this.#series.lastSeq;
    return {
      kind: "fvg",
      stage,
      seq,
      at: this.#series.openAt[seq & SERIES_MASK]!,
      refSeq: book.refSeq[index]!,
      refAt: book.refAt[index]!,
      bias: book.bias,
      id: book.ids[index]!,
      top: book.top(index),
      bottom: book.bottom(index),
    };
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
