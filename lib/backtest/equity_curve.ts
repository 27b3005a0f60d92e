import type { ReportPoint } from "../contracts/backtest_report.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import { numberToDecimalText } from "../core/decimal.ts";
import { CURVE_STRETCHES } from "./limits.ts";

/** Places of an equity on the curve: it is drawn, and computed in floating point. */
const PLACES = 1e8;

/** Numbers of one kept point: time, equity, drawdown. */
const WIDTH = 3;

/**
 * The equity at each candle's close, thinned to at most four points a stretch:
 * the first, the lowest, the highest and the last, so that no peak and no trough
 * is lost however long the run is.
 */
export class EquityCurve {
  readonly #stretch: number;
  readonly #kept: number[] = [];
  /** First, lowest, highest and last point of the stretch under way. */
  readonly #first = new Float64Array(WIDTH);
  readonly #lowest = new Float64Array(WIDTH);
  readonly #highest = new Float64Array(WIDTH);
  readonly #last = new Float64Array(WIDTH);
  #count = 0;
  #peak: number;
  #maxDrawdown = 0;

  /** `candles` is how many will come; more of them make more stretches. */
  constructor(
    { candles, initialCapital }: { candles: number; initialCapital: number },
  ) {
    this.#stretch = Math.max(1, Math.ceil(candles / CURVE_STRETCHES));
    this.#peak = initialCapital;
  }

  /** Takes the equity at one close. */
  add(at: EpochMs, equity: number): void {
    if (equity > this.#peak) this.#peak = equity;
    const drawdown = equity - this.#peak;
    if (drawdown < -this.#maxDrawdown * this.#peak) {
      this.#maxDrawdown = -drawdown / this.#peak;
    }
    if (this.#count === 0) {
      set(this.#first, at, equity, this.#peak);
      set(this.#lowest, at, equity, this.#peak);
      set(this.#highest, at, equity, this.#peak);
    } else if (drawdown < 0 && equity < this.#lowest[1]!) {
      set(this.#lowest, at, equity, this.#peak);
    } else if (equity > this.#highest[1]!) {
      set(this.#highest, at, equity, this.#peak);
    }
    set(this.#last, at, equity, this.#peak);
    if (++this.#count === this.#stretch) this.#endStretch();
  }

  /** Deepest fall below the highest equity so far, as a positive percentage. */
  get maxDrawdownPct(): number {
    return Math.round(this.#maxDrawdown * 1e8) / 1e6;
  }

  /** All kept points in order of time. */
  points(): ReportPoint[] {
    if (this.#count > 0) this.#endStretch();
    const points: ReportPoint[] = [];
    for (let index = 0; index < this.#kept.length; index += WIDTH) {
      const equity = this.#kept[index + 1]!;
      const peak = this.#kept[index + 2]!;
      const drawdownPct = peak > 0 ? (equity / peak - 1) * 100 : 0;
      points.push({
        at: this.#kept[index]!,
        equity: numberToDecimalText(Math.round(equity * PLACES) / PLACES),
        drawdownPct: Math.min(0, Math.round(drawdownPct * 1e6) / 1e6),
      });
    }
    return points;
  }

  #endStretch(): void {
    const isLowFirst = this.#lowest[0]! <= this.#highest[0]!;
    const middle = isLowFirst
      ? [this.#lowest, this.#highest]
      : [this.#highest, this.#lowest];
    let lastAt = -Infinity;
    for (const point of [this.#first, ...middle, this.#last]) {
      if (point[0]! <= lastAt) continue;
      lastAt = point[0]!;
      this.#kept.push(...point);
    }
    this.#count = 0;
  }
}

function set(
  point: Float64Array,
  at: number,
  equity: number,
  peak: number,
): void {
  point[0] = at;
  point[1] = equity;
  point[2] = peak;
}
