import type { Bias } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { CODE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";
import type { SwingDetector, SwingPoint } from "./swings.ts";

const FORMED = CODE["equal_level.formed"];

/** State of an {@link EqualLevelDetector}. */
export interface EqualLevelSnapshot {
  high: SwingPoint;
  low: SwingPoint;
}

/**
 * Equal highs and equal lows (docs/trading-model.md): a confirmed internal swing that is
 * within `tolerance × ATR(14)` of the swing of its side right before it. The
 * larger pools of liquidity are another matter: they join any swing of the
 * larger structure and last until they are taken.
 */
export class EqualLevelDetector {
  readonly #series: CandleSeries;
  readonly #log: PatternLog;
  readonly #swings: SwingDetector;
  readonly #toleranceAtr: number;
  /** The last swing of each side that the opposite side has followed. */
  readonly #high: SwingPoint = { seq: -1, at: 0, price: 0 };
  readonly #low: SwingPoint = { seq: -1, at: 0, price: 0 };

  constructor(options: {
    series: CandleSeries;
    log: PatternLog;
    swings: SwingDetector;
    toleranceAtr: number;
  }) {
    this.#series = options.series;
    this.#log = options.log;
    this.#swings = options.swings;
    this.#toleranceAtr = options.toleranceAtr;
  }

  /** Takes the newest candle; the swings must have taken it before. */
  step(): void {
    const bias = this.#swings.confirmedBias;
    if (bias === 0) return;
    // A swing of the other side makes the last one of this side final.
    if (bias > 0) copy(this.#swings.low, this.#low);
    else copy(this.#swings.high, this.#high);
    const before = bias > 0 ? this.#high : this.#low;
    if (before.seq >= 0) this.#compare(bias, before);
  }

  #compare(bias: Bias, before: SwingPoint): void {
    const series = this.#series;
    const swing = bias > 0 ? this.#swings.high : this.#swings.low;
    const tolerance = this.#toleranceAtr *
      series.atr[series.lastSeq & SERIES_MASK]!;
    if (Math.abs(swing.price - before.price) > tolerance) return;
    const { seq, at, price } = before;
    this.#log.add(FORMED, bias, 0, seq, at, swing.price, price);
  }

  snapshot(): EqualLevelSnapshot {
    return { high: { ...this.#high }, low: { ...this.#low } };
  }

  restore(snapshot: EqualLevelSnapshot): void {
    copy(snapshot.high, this.#high);
    copy(snapshot.low, this.#low);
  }
}

function copy(from: SwingPoint, to: SwingPoint): void {
  to.seq = from.seq;
  to.at = from.at;
  to.price = from.price;
}
