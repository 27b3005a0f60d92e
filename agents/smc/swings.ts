import type { Bias, SwingScale } from "../../lib/contracts/pattern.ts";
import { type CandleSeries, SERIES_MASK } from "../market/candle_series.ts";
import { RollingExtreme } from "../market/rolling_extreme.ts";
import { CODE, SCALE } from "./pattern_codes.ts";
import type { PatternLog } from "./pattern_log.ts";

const CONFIRMED = CODE["swing.confirmed"];
const REPLACED = CODE["swing.replaced"];
const FINAL = CODE["swing.final"];

/** The last confirmed swing of one side. `seq` is −1 while there is none. */
export interface SwingPoint {
  seq: number;
  at: number;
  price: number;
}

/** State of a {@link SwingDetector}. The rolling windows are rebuilt from the candles. */
export interface SwingSnapshot {
  high: SwingPoint;
  low: SwingPoint;
  lastBias: Bias | 0;
}

/**
 * Swing highs and lows, confirmed `L` candles late (docs/trading-model.md; the RULE
 * table of part 3; the window of joshyattridge/smart-money-concepts v0.0.27).
 *
 * Candle i is a candidate high when high[i] = max(high[i−L+1 .. i+L]), a
 * candidate low when low[i] = min(low[i−L+1 .. i+L]); on both, high wins; the
 * first 2L−1 candles of a stream are never candidates. Highs and lows
 * alternate: of several candidates of one type in a row the most extreme is
 * kept, the earliest among equals.
 *
 * Events, all at the close of i + L: `confirmed` marks the new swing;
 * `replaced` marks the swing that a more extreme one of its type takes the
 * place of, just before that one's `confirmed`; `final` marks the last swing
 * once one of the opposite type is confirmed. There are no bookends.
 */
export class SwingDetector {
  readonly high: SwingPoint = { seq: -1, at: 0, price: 0 };
  readonly low: SwingPoint = { seq: -1, at: 0, price: 0 };
  /** Type of the swing that the current candle confirmed, or 0. */
  confirmedBias: Bias | 0 = 0;
  readonly #series: CandleSeries;
  readonly #log: PatternLog;
  readonly #scale: number;
  readonly #length: number;
  readonly #highest: RollingExtreme;
  readonly #lowest: RollingExtreme;
  #lastBias: Bias | 0 = 0;

  constructor(options: {
    series: CandleSeries;
    log: PatternLog;
    scale: SwingScale;
    swingLength: number;
  }) {
    this.#series = options.series;
    this.#log = options.log;
    this.#scale = SCALE[options.scale];
    this.#length = options.swingLength;
    this.#highest = new RollingExtreme(2 * options.swingLength);
    this.#lowest = new RollingExtreme(2 * options.swingLength);
  }

  /** Takes the newest candle of the series. */
  step(): void {
    const series = this.#series;
    const length = this.#length;
    const newest = series.lastSeq & SERIES_MASK;
    this.#highest.push(series.high[newest]!);
    this.#lowest.push(-series.low[newest]!);
    this.confirmedBias = 0;
    const candidateSeq = series.lastSeq - length;
    if (candidateSeq - series.firstSeq < 2 * length - 1) return;
    const candidate = candidateSeq & SERIES_MASK;
    if (series.high[candidate]! === this.#highest.value) {
      this.#takeCandidate(1);
    } else if (-series.low[candidate]! === this.#lowest.value) {
      this.#takeCandidate(-1);
    }
  }

  #takeCandidate(bias: Bias): void {
    const series = this.#series;
    const seq = series.lastSeq - this.#length;
    const place = seq & SERIES_MASK;
    const price = bias > 0 ? series.high[place]! : series.low[place]!;
    const point = bias > 0 ? this.high : this.low;
    if (this.#lastBias === bias) {
      const isMoreExtreme = bias > 0
        ? price > point.price
        : price < point.price;
      if (!isMoreExtreme) return;
      this.#tell(REPLACED, bias);
    } else if (this.#lastBias !== 0) {
      this.#tell(FINAL, this.#lastBias);
    }
    point.seq = seq;
    point.at = series.openAt[place]!;
    point.price = price;
    this.#lastBias = bias;
    this.confirmedBias = bias;
    this.#tell(CONFIRMED, bias);
  }

  #tell(code: number, bias: Bias): void {
    const { seq, at, price } = bias > 0 ? this.high : this.low;
    this.#log.add(code, bias, this.#scale, seq, at, price, 0);
  }

  snapshot(): SwingSnapshot {
    return {
      high: { ...this.high },
      low: { ...this.low },
      lastBias: this.#lastBias,
    };
  }

  /** Goes on from a snapshot; the series must have been restored before. */
  restore(snapshot: SwingSnapshot): void {
    Object.assign(this.high, snapshot.high);
    Object.assign(this.low, snapshot.low);
    this.#lastBias = snapshot.lastBias;
    this.confirmedBias = 0;
    this.#highest.clear();
    this.#lowest.clear();
    const series = this.#series;
    if (series.lastSeq < 0) return;
    const from = Math.max(
      series.oldestSeq,
      series.lastSeq - 2 * this.#length + 1,
    );
    for (let seq = from; seq <= series.lastSeq; seq++) {
      this.#highest.push(series.high[seq & SERIES_MASK]!);
      this.#lowest.push(-series.low[seq & SERIES_MASK]!);
    }
  }
}
