import {
  RollingMoments,
  type RollingMomentsSnapshot,
} from "../market/rolling_moments.ts";
import { PLACE } from "./feature_list.ts";
import { LONG_WINDOW_CANDLES } from "./limits.ts";
import { ratio } from "./scale.ts";

/**
 * Volume of the newest candle against those before. A volume of 0 is one that
 * is not known: some sources have none at all. It is left out of the window,
 * and the candle has z 0 with the flag 0, so that a model can tell "usual" from
 * "unknown". The logarithm is taken because volumes spread by factors.
 *
 * The newest volume is the last one of the window, so the state needs nothing
 * beside it: after a restart the next candle comes before the next row.
 */
export class VolumeFeatures {
  readonly #moments = new RollingMoments(LONG_WINDOW_CANDLES);
  #logVolume = 0;
  #isKnown = false;

  /** Takes the volume of the newest candle. */
  take(volume: number): void {
    this.#isKnown = volume > 0;
    if (!this.#isKnown) return;
    this.#logVolume = Math.log(volume);
    this.#moments.push(this.#logVolume);
  }

  /** Writes the features of the newest candle into a row. */
  write(row: Float32Array): void {
    const isKnown = this.#isKnown && this.#moments.isKnown;
    row[PLACE.volume_known] = isKnown ? 1 : 0;
    row[PLACE.volume_z] = isKnown
      ? ratio(
        this.#logVolume - this.#moments.mean,
        this.#moments.standardDeviation,
      )
      : 0;
  }

  snapshot(): RollingMomentsSnapshot {
    return this.#moments.snapshot();
  }

  restore(snapshot: RollingMomentsSnapshot): void {
    this.#moments.restore(snapshot);
  }
}
