import type { Bias } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { CODE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";
import type { SwingDetector } from "./swings.ts";

const PREMIUM = CODE["range.premium"];
const EQUILIBRIUM = CODE["range.equilibrium"];
const DISCOUNT = CODE["range.discount"];
const REACHED = CODE["retracement.reached"];

/** Half of the width of the middle, in percent of the range. */
const EQUILIBRIUM_HALF_PCT = 2.5;

/** Parts of a leg that are told when price first comes back by them, in percent. */
export const RETRACEMENT_LEVELS_PCT = [38.2, 50, 61.8, 78.6, 100] as const;

/** State of a {@link DealingRangeDetector}. */
export interface DealingRangeSnapshot {
  top: number;
  bottom: number;
  zone: number;
  direction: Bias | 0;
  legStart: number;
  legEnd: number;
  deepestPct: number;
  levelsReached: number;
}

/**
 * The dealing range and the retracement of the last leg (docs/trading-model.md), both
 * from confirmed swings only.
 *
 * Range: from the last swing low to the last swing high, widened by whatever
 * price traded since. A close above the middle is in premium, below it in
 * discount, within 2.5 % of the range around the middle in equilibrium; a
 * change is told.
 *
 * Retracement: after a confirmed high the leg is the way from the last low up
 * to it, and a low of price retraces (high − low of the candle) / leg; mirrored
 * after a low. The deepest retracement counts every candle since the swing, the
 * ones before its confirmation included. Each of
 * {@link RETRACEMENT_LEVELS_PCT} is told once per leg.
 */
export class DealingRangeDetector {
  /** Highest and lowest price of the range; NaN while one side is unknown. */
  top = NaN;
  bottom = NaN;
  /** +1 after a confirmed high, −1 after a low, 0 before both are known. */
  direction: Bias | 0 = 0;
  /** Of the newest candle; NaN while there is no leg. */
  retracementPct = NaN;
  deepestPct = NaN;
  readonly #series: CandleSeries;
  readonly #log: PatternLog;
  readonly #swings: SwingDetector;
  #zone = -1;
  /** Signed by the direction, so that one piece of code reads both. */
  #legStart = 0;
  #legEnd = 0;
  #levelsReached = 0;

  constructor(options: {
    series: CandleSeries;
    log: PatternLog;
    swings: SwingDetector;
  }) {
    this.#series = options.series;
    this.#log = options.log;
    this.#swings = options.swings;
  }

  /** Place of the newest close within the range, in percent from its bottom; NaN without a range. */
  get positionPct(): number {
    const height = this.top - this.bottom;
    const close = this.#series.close[this.#series.lastSeq & SERIES_MASK]!;
    return height > 0 ? 100 * (close - this.bottom) / height : NaN;
  }

  /** Takes the newest candle; the swings must have taken it before. */
  step(): void {
    const series = this.#series;
    const place = series.lastSeq & SERIES_MASK;
    const high = series.high[place]!;
    const low = series.low[place]!;
    const confirmed = this.#swings.confirmedBias;
    if (confirmed !== 0) this.#takeSwing(confirmed);
    if (high > this.top) this.top = high;
    if (low < this.bottom) this.bottom = low;
    this.#tellZone();
    if (this.direction !== 0) {
      this.#retrace(this.direction > 0 ? low : -high);
    }
  }

  #takeSwing(bias: Bias): void {
    const { high, low } = this.#swings;
    // No candle since the swing went beyond it, or it would be none.
    if (bias > 0) this.top = high.price;
    else this.bottom = low.price;
    if (high.seq < 0 || low.seq < 0) return;
    this.direction = bias;
    this.#legStart = bias * (bias > 0 ? low.price : high.price);
    this.#legEnd = bias * (bias > 0 ? high.price : low.price);
    this.deepestPct = 0;
    this.#levelsReached = 0;
    const series = this.#series;
    const reaches = bias > 0 ? series.low : series.high;
    const swingSeq = bias > 0 ? high.seq : low.seq;
    for (let seq = swingSeq + 1; seq < series.lastSeq; seq++) {
      this.#retrace(bias * reaches[seq & SERIES_MASK]!);
    }
  }

  /** `reach` is the candle's signed price furthest back from the end of the leg. */
  #retrace(reach: number): void {
    const height = this.#legEnd - this.#legStart;
    if (!(height > 0)) {
      this.retracementPct = NaN;
      return;
    }
    const pct = 100 * (this.#legEnd - reach) / height;
    this.retracementPct = pct;
    if (pct <= this.deepestPct) return;
    this.deepestPct = pct;
    const levels = RETRACEMENT_LEVELS_PCT;
    while (
      this.#levelsReached < levels.length &&
      pct >= levels[this.#levelsReached]!
    ) {
      this.#tellLevel(levels[this.#levelsReached++]!, height);
    }
  }

  #tellLevel(levelPct: number, height: number): void {
    const bias = this.direction as Bias;
    const swing = bias > 0 ? this.#swings.high : this.#swings.low;
    const price = bias * (this.#legEnd - height * levelPct / 100);
    this.#log.add(REACHED, bias, 0, swing.seq, swing.at, price, levelPct);
  }

  #tellZone(): void {
    const pct = this.positionPct;
    if (Number.isNaN(pct)) return;
    const zone = pct > 50 + EQUILIBRIUM_HALF_PCT
      ? PREMIUM
      : pct < 50 - EQUILIBRIUM_HALF_PCT
      ? DISCOUNT
      : EQUILIBRIUM;
    if (zone === this.#zone) return;
    this.#zone = zone;
    const { high, low } = this.#swings;
    const swing = high.seq > low.seq ? high : low;
    // Cheap is where one would buy: the lower half is the bullish one.
    const bias: Bias = pct < 50 ? 1 : -1;
    this.#log.add(zone, bias, 0, swing.seq, swing.at, this.top, this.bottom);
  }

  snapshot(): DealingRangeSnapshot {
    return {
      top: this.top,
      bottom: this.bottom,
      zone: this.#zone,
      direction: this.direction,
      legStart: this.#legStart,
      legEnd: this.#legEnd,
      deepestPct: this.deepestPct,
      levelsReached: this.#levelsReached,
    };
  }

  restore(snapshot: DealingRangeSnapshot): void {
    this.top = snapshot.top;
    this.bottom = snapshot.bottom;
    this.#zone = snapshot.zone;
    this.direction = snapshot.direction;
    this.#legStart = snapshot.legStart;
    this.#legEnd = snapshot.legEnd;
    this.deepestPct = snapshot.deepestPct;
    this.#levelsReached = snapshot.levelsReached;
    this.retracementPct = NaN;
  }
}
