import { WilderAverage, type WilderAverageSnapshot } from "./wilder_average.ts";

/** Period of the relative strength index (Wilder 1978). */
export const RSI_PERIOD = 14;

/** State of a {@link RelativeStrength}; plain data. */
export interface RelativeStrengthSnapshot {
  count: number;
  close: number;
  gains: WilderAverageSnapshot;
  losses: WilderAverageSnapshot;
}

/**
 * Relative strength index of 14 candles (J. Welles Wilder, New Concepts in
 * Technical Trading Systems, 1978): 100 × mean gain / (mean gain + mean loss)
 * of the closes, each by Wilder's mean over 14. Only gains give 100, only
 * losses 0, a market that does not move 50. The first candle has no change, so
 * the first index is that of candle 15.
 */
export class RelativeStrength {
  readonly #gains = new WilderAverage(RSI_PERIOD);
  readonly #losses = new WilderAverage(RSI_PERIOD);
  #count = 0;
  #close = 0;

  /** Whether the index is known: after {@link RSI_PERIOD} + 1 candles. */
  get isKnown(): boolean {
    return this.#count > RSI_PERIOD;
  }

  /** The index, 0 to 100; 50 before {@link isKnown}. */
  get rsi(): number {
    const gain = this.#gains.value;
    const sum = gain + this.#losses.value;
    return sum > 0 ? 100 * (gain / sum) : 50;
  }

  /** Takes the next close. */
  push(close: number): void {
    this.#count++;
    if (this.#count > 1) {
      const change = close - this.#close;
      this.#gains.update(change > 0 ? change : 0);
      this.#losses.update(change < 0 ? -change : 0);
    }
    this.#close = close;
  }

  snapshot(): RelativeStrengthSnapshot {
    return {
      count: this.#count,
      close: this.#close,
      gains: this.#gains.snapshot(),
      losses: this.#losses.snapshot(),
    };
  }

  restore(snapshot: RelativeStrengthSnapshot): void {
    this.#count = snapshot.count;
    this.#close = snapshot.close;
    this.#gains.restore(snapshot.gains);
    this.#losses.restore(snapshot.losses);
  }
}
