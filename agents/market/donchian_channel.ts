import { type CandleSeries, SERIES_MASK } from "./candle_series.ts";
import { RollingExtreme } from "./rolling_extreme.ts";

/**
 * Donchian channel: highest high and lowest low of the last `window` candles.
 * Its state is in the candles, so it is rebuilt from them after a restart.
 */
export class DonchianChannel {
  readonly window: number;
  readonly #highest: RollingExtreme;
  readonly #lowest: RollingExtreme;
  #count = 0;

  constructor(window: number) {
    this.window = window;
    this.#highest = new RollingExtreme(window);
    this.#lowest = new RollingExtreme(window);
  }

  /** Whether a whole window of candles was seen. */
  get isKnown(): boolean {
    return this.#count >= this.window;
  }

  /** Highest high; meaningless before the first candle, as is {@link low}. */
  get high(): number {
    return this.#highest.value;
  }

  get low(): number {
    return -this.#lowest.value;
  }

  /** Takes the next candle. */
  push(high: number, low: number): void {
    this.#highest.push(high);
    this.#lowest.push(-low);
    this.#count++;
  }

  clear(): void {
    this.#highest.clear();
    this.#lowest.clear();
    this.#count = 0;
  }

  /** Takes the candles up to `lastSeq` anew, as far as the series keeps them. */
  rebuild(series: CandleSeries, lastSeq: number): void {
    this.clear();
    const from = Math.max(series.oldestSeq, lastSeq - this.window + 1, 0);
    for (let seq = from; seq <= lastSeq; seq++) {
      const at = seq & SERIES_MASK;
      this.push(series.high[at]!, series.low[at]!);
    }
  }
}
