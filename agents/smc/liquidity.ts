import type { Bias } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { LevelBook, type LevelBookSnapshot } from "./level_book.ts";
import { CODE, SOURCE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";
import type { SwingDetector } from "./swings.ts";

const FORMED = CODE["liquidity.formed"];
const EXTENDED = CODE["liquidity.extended"];
const SWEPT = CODE["liquidity.swept"];
const RUN = CODE["liquidity.run"];

/** State of a {@link LiquidityDetector}. */
export interface LiquiditySnapshot {
  highs: LevelBookSnapshot;
  lows: LevelBookSnapshot;
}

/** A level of resting liquidity: one swing, or a pool of equal ones. */
export interface LiquidityLevel {
  price: number;
  members: number;
}

/**
 * Pools of liquidity: equal highs (bias +1) and equal lows (bias −1), by the
 * docs/trading-model.md.
 *
 * Each confirmed swing joins the nearest live level of its side whose FIRST
 * swing is within `tolerance × ATR(14)`, else it starts a level of its own.
 * Measuring from the first swing keeps a pool from drifting. The second member
 * makes the pool (`formed`), each further one makes it `extended`. Its price is
 * the most extreme member, because stops rest beyond all of them.
 *
 * A level is taken by the first wick beyond its price: `swept` when the candle
 * closes back at or inside it, `run` when it closes beyond. That ends a pool. A
 * single swing (source "swing") that was taken may still become a pool with a
 * later swing, until price has been beyond it by more than the tolerance.
 * Levels older than the zone age (from their last member) are forgotten
 * without an event.
 */
export class LiquidityDetector {
  readonly #series: CandleSeries;
  readonly #log: PatternLog;
  readonly #swings: SwingDetector;
  readonly #toleranceAtr: number;
  readonly #maxAge: number;
  readonly #highs = new LevelBook(1);
  readonly #lows = new LevelBook(-1);

  constructor(options: {
    series: CandleSeries;
    log: PatternLog;
    swings: SwingDetector;
    toleranceAtr: number;
    maxZoneAgeCandles: number;
  }) {
    this.#series = options.series;
    this.#log = options.log;
    this.#swings = options.swings;
    this.#toleranceAtr = options.toleranceAtr;
    this.#maxAge = options.maxZoneAgeCandles;
  }

  /** How many levels are live. */
  get activeCount(): number {
    return this.#highs.count + this.#lows.count;
  }

  /** The nearest level of highs above `price` (bias +1) or of lows below it (bias −1) that price has not taken. */
  nearestBeyond(bias: Bias, price: number): LiquidityLevel | null {
    const book = bias > 0 ? this.#highs : this.#lows;
    const nearest = book.nearestBeyond(bias * price);
    return nearest < 0 ? null : {
      price: bias * book.extreme[nearest]!,
      members: book.members[nearest]!,
    };
  }

  /** Price, times the bias, of the level that {@link nearestBeyond} gives; Infinity where there is none. Makes no object. */
  nearestPriceBeyond(bias: Bias, price: number): number {
    const book = bias > 0 ? this.#highs : this.#lows;
    const nearest = book.nearestBeyond(bias * price);
    return nearest < 0 ? Infinity : book.extreme[nearest]!;
  }

  /** Takes the newest candle; the swings must have taken it before. */
  step(): void {
    const series = this.#series;
    const at = series.lastSeq & SERIES_MASK;
    this.#update(this.#highs, series.high[at]!);
    this.#update(this.#lows, -series.low[at]!);
    const bias = this.#swings.confirmedBias;
    if (bias > 0) this.#join(this.#highs);
    else if (bias < 0) this.#join(this.#lows);
  }

  /** `reach` is the candle's signed price furthest towards the levels. */
  #update(book: LevelBook, reach: number): void {
    if (book.count === 0) return;
    const series = this.#series;
    const seq = series.lastSeq;
    const isOldestOver = seq - book.oldestMemberSeq > this.#maxAge;
    if (reach <= book.trigger && !isOldestOver) return;
    const tolerance = this.#tolerance();
    const close = series.close[seq & SERIES_MASK]! * book.bias;
    let hasGone = false;
    for (let index = 0; index < book.count; index++) {
      const extreme = book.extreme[index]!;
      const isPool = book.members[index]! > 1;
      if (reach > extreme && book.taken[index] === 0) {
        book.taken[index] = 1;
        this.#tell(close > extreme ? RUN : SWEPT, book, index);
      }
      const isOver = reach > (isPool ? extreme : extreme + tolerance);
      if (isOver || seq - book.lastMemberSeq[index]! > this.#maxAge) {
        book.markGone(index);
        hasGone = true;
      }
    }
    if (hasGone) book.compact();
  }

  #join(book: LevelBook): void {
    const swing = book.bias > 0 ? this.#swings.high : this.#swings.low;
    const price = swing.price * book.bias;
    const index = book.nearestAnchor(price, this.#tolerance());
    if (index < 0) {
      book.add({ price, seq: swing.seq, at: swing.at });
      return;
    }
    book.extend(index, { price, seq: swing.seq });
    this.#tell(book.members[index] === 2 ? FORMED : EXTENDED, book, index);
  }

  /** Absolute tolerance now; 0 while the ATR is unknown, so that only equal prices match. */
  #tolerance(): number {
    const series = this.#series;
    return this.#toleranceAtr * series.atr[series.lastSeq & SERIES_MASK]!;
  }

  #tell(code: number, book: LevelBook, index: number): void {
    const members = book.members[index]!;
    this.#log.add(
      code,
      book.bias,
      members > 1 ? SOURCE.equal : SOURCE.swing,
      book.refSeq[index]!,
      book.refAt[index]!,
      book.bias * book.extreme[index]!,
      members,
    );
  }

  snapshot(): LiquiditySnapshot {
    return { highs: this.#highs.snapshot(), lows: this.#lows.snapshot() };
  }

  restore(snapshot: LiquiditySnapshot): void {
    this.#highs.restore(snapshot.highs);
    this.#lows.restore(snapshot.lows);
  }
}
