import {
  RollingComoments,
  type RollingComomentsSnapshot,
} from "../market/rolling_comoments.ts";

/** State of a {@link PairSpread}; structured-cloneable. */
export interface PairSpreadSnapshot {
  windowCandles: number;
  moments: RollingComomentsSnapshot;
  /** Log prices of the newest candle; null before the first. */
  last: readonly [a: number, b: number] | null;
}

/** What the spread says at the newest candle. */
export interface SpreadReading {
  /** Slope of the regression of ln A on ln B. */
  beta: number;
  /** Candles in which a deviation halves; null while the spread does not come back. */
  halfLife: number | null;
}

/** How far the spread is from its mean. */
export interface SpreadDistance {
  z: number;
  /** Population standard deviation of the spread over the window, in log prices. */
  deviation: number;
  windowCandles: number;
}

/** Places of a row: the log prices of a candle and of the one before. */
const [A, B, LAST_A, LAST_B] = [0, 1, 2, 3] as const;

/**
 * The spread s = ln A − β ln B of two markets over a rolling window.
 *
 * β is the slope of the ordinary least squares of ln A on ln B with an
 * intercept. The half-life is −ln 2 ÷ λ with λ the slope of Δs on the s before,
 * over the differences that end within the window, with the β of now (Chan,
 * Algorithmic Trading, 2013, chapter 2). Both follow from one table of
 * covariances, so a candle costs the same whatever the window.
 */
export class PairSpread {
  readonly windowCandles: number;
  readonly #moments: RollingComoments;
  /** The newest log prices in a ring, for the distance. */
  readonly #a: Float64Array;
  readonly #b: Float64Array;
  #last: readonly [number, number] | null = null;
  #pushed = 0;
  readonly #row = new Float64Array(4);

  constructor(windowCandles: number) {
    this.windowCandles = windowCandles;
    this.#moments = new RollingComoments({ window: windowCandles, size: 4 });
    this.#a = new Float64Array(windowCandles);
    this.#b = new Float64Array(windowCandles);
  }

  /** Takes the closes of the next candle. */
  push(closeA: number, closeB: number): void {
    const a = Math.log(closeA);
    const b = Math.log(closeB);
    if (this.#last !== null) {
      const row = this.#row;
      row[A] = a;
      row[B] = b;
      row[LAST_A] = this.#last[0];
      row[LAST_B] = this.#last[1];
      this.#moments.push(row);
      this.#keep(a, b);
    }
    this.#last = [a, b];
  }

  #keep(a: number, b: number): void {
    const place = this.#pushed % this.windowCandles;
    this.#a[place] = a;
    this.#b[place] = b;
    this.#pushed++;
  }

  /** β and half-life; null before the window is full or where B did not move. */
  read(): SpreadReading | null {
    const moments = this.#moments;
    if (!moments.isKnown) return null;
    const variance = moments.comoment(B, B);
    if (!(variance > 0)) return null;
    const beta = moments.comoment(B, A) / variance;
    const squared = moments.comoment(LAST_A, LAST_A) -
      2 * beta * moments.comoment(LAST_B, LAST_A) +
      beta * beta * moments.comoment(LAST_B, LAST_B);
    if (!(squared > 0)) return { beta, halfLife: null };
    const joint = moments.comoment(LAST_A, A) -
      beta * (moments.comoment(LAST_B, A) + moments.comoment(LAST_A, B)) +
      beta * beta * moments.comoment(LAST_B, B);
    // The slope of s on the s before, less one, is that of the difference.
    const lambda = joint / squared - 1;
    return { beta, halfLife: lambda < 0 ? -Math.LN2 / lambda : null };
  }

  /** z = (s − mean) ÷ standard deviation over the newest `candles`, at most the window, all with this β; null where the spread stood still. */
  distance(beta: number, candles: number): SpreadDistance | null {
    const count = Math.min(
      this.windowCandles,
      this.#pushed,
      Math.max(2, Math.round(candles)),
    );
    let mean = 0;
    let squares = 0;
    let spread = 0;
    for (let index = 0; index < count; index++) {
      const place = (this.#pushed - count + index) % this.windowCandles;
      spread = this.#a[place]! - beta * this.#b[place]!;
      const delta = spread - mean;
      mean += delta / (index + 1);
      squares += delta * (spread - mean);
    }
    const deviation = Math.sqrt(squares / count);
    return deviation > 0
      ? { z: (spread - mean) / deviation, deviation, windowCandles: count }
      : null;
  }

  snapshot(): PairSpreadSnapshot {
    return {
      windowCandles: this.windowCandles,
      moments: this.#moments.snapshot(),
      last: this.#last,
    };
  }

  /** Goes on from a snapshot of the same window, bit for bit. */
  restore({ moments, last }: PairSpreadSnapshot): void {
    this.#moments.restore(moments);
    this.#last = last;
    this.#pushed = 0;
    const { rows } = moments;
    for (let at = 0; at < rows.length; at += 4) {
      this.#keep(rows[at + A]!, rows[at + B]!);
    }
  }
}
