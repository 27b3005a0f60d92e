import { WilderAverage, type WilderAverageSnapshot } from "./wilder_average.ts";

/** Period of the average directional index (Wilder 1978). */
export const ADX_PERIOD = 14;

/** State of a {@link DirectionalMovement}; plain data. */
export interface DirectionalMovementSnapshot {
  count: number;
  high: number;
  low: number;
  up: WilderAverageSnapshot;
  down: WilderAverageSnapshot;
  adx: WilderAverageSnapshot;
}

/**
 * Average directional index of 14 candles (J. Welles Wilder, New Concepts in
 * Technical Trading Systems, 1978): how strong a trend is, 0 to 100, whatever
 * its direction.
 *
 * +DM = high − previous high if that is positive and more than previous low −
 * low, else 0; −DM mirrored. DI = 100 × smoothed DM / smoothed true range;
 * DX = 100 × |+DI − −DI| / (+DI + −DI); ADX = smoothed DX, each by Wilder's
 * mean over 14. The true range cancels out of DX and is not computed. The first
 * candle has no movement, so the first ADX is that of candle 28. A market that
 * does not move has DX 0.
 */
export class DirectionalMovement {
  readonly #up = new WilderAverage(ADX_PERIOD);
  readonly #down = new WilderAverage(ADX_PERIOD);
  readonly #adx = new WilderAverage(ADX_PERIOD);
  #count = 0;
  #high = 0;
  #low = 0;

  /** Whether the index is known: after {@link ADX_PERIOD} × 2 candles. */
  get isKnown(): boolean {
    return this.#count >= 2 * ADX_PERIOD;
  }

  /** The index; 0 before {@link isKnown}. */
  get adx(): number {
    return this.#adx.value;
  }

  /** Whether the movement up is the larger one. */
  get isUp(): boolean {
    return this.#up.value > this.#down.value;
  }

  /** Takes the next candle. */
  push(high: number, low: number): void {
    this.#count++;
    if (this.#count > 1) this.#update(high, low);
    this.#high = high;
    this.#low = low;
  }

  #update(high: number, low: number): void {
    const rise = high - this.#high;
    const fall = this.#low - low;
    this.#up.update(rise > fall && rise > 0 ? rise : 0);
    this.#down.update(fall > rise && fall > 0 ? fall : 0);
    if (this.#count <= ADX_PERIOD) return;
    const up = this.#up.value;
    const down = this.#down.value;
    const sum = up + down;
    this.#adx.update(sum > 0 ? 100 * Math.abs(up - down) / sum : 0);
  }

  /** Forgets all candles. */
  clear(): void {
    const unknown = { count: 0, value: 0 };
    this.#count = 0;
    this.#up.restore(unknown);
    this.#down.restore(unknown);
    this.#adx.restore(unknown);
  }

  snapshot(): DirectionalMovementSnapshot {
    return {
      count: this.#count,
      high: this.#high,
      low: this.#low,
      up: this.#up.snapshot(),
      down: this.#down.snapshot(),
      adx: this.#adx.snapshot(),
    };
  }

  restore(snapshot: DirectionalMovementSnapshot): void {
    this.#count = snapshot.count;
    this.#high = snapshot.high;
    this.#low = snapshot.low;
    this.#up.restore(snapshot.up);
    this.#down.restore(snapshot.down);
    this.#adx.restore(snapshot.adx);
  }
}
