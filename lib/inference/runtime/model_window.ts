import { FEATURE_COUNT, PLACE } from "../../../agents/decision/feature_list.ts";
import type { FeatureName } from "../../../agents/decision/feature_list.ts";
import { ratio } from "../../../agents/decision/scale.ts";
import type { ModelManifest } from "../../contracts/model.ts";
import { assert } from "../../core/assert.ts";

/**
 * Picks a model's features out of rows of all features and normalises them by
 * the statistics of its training window, into a buffer of its own:
 * `[windowCandles, features]`, oldest candle first.
 */
export class ModelWindow {
  /** What the model reads; written over by the next window. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly #candles: number;
  readonly #places: Int32Array;
  readonly #mean: Float64Array;
  readonly #deviation: Float64Array;

  constructor(manifest: ModelManifest) {
    const { features, normalization, windowCandles } = manifest;
    this.#candles = windowCandles;
    this.#places = Int32Array.from(
      features,
      (name) => PLACE[name as FeatureName],
    );
    this.#mean = Float64Array.from(normalization.mean);
    this.#deviation = Float64Array.from(normalization.deviation);
    this.values = new Float32Array(windowCandles * features.length);
  }

  /**
   * Takes the window that ends with row `lastRow` of `rows`, which holds
   * FEATURE_COUNT numbers a row. As in agents/decision/normalization.ts, a
   * feature that never changed in training tells nothing and is 0.
   *
   * @returns Whether all numbers of the window are finite; if not, it is none.
   * @throws {DefectError} If there are not enough rows.
   */
  fill(rows: Float32Array, lastRow: number): boolean {
    const firstRow = lastRow - this.#candles + 1;
    assert(
      firstRow >= 0 && (lastRow + 1) * FEATURE_COUNT <= rows.length,
      `A window of ${this.#candles} rows cannot end at row ${lastRow} of ${
        rows.length / FEATURE_COUNT
      }`,
    );
    const values = this.values;
    const count = this.#places.length;
    for (let candle = 0; candle < this.#candles; candle++) {
      const from = (firstRow + candle) * FEATURE_COUNT;
      for (let index = 0; index < count; index++) {
        const raw = rows[from + this.#places[index]!]!;
        if (!Number.isFinite(raw)) return false;
        const deviation = this.#deviation[index]!;
        values[candle * count + index] = deviation > 0
          ? ratio(raw - this.#mean[index]!, deviation)
          : 0;
      }
    }
    return true;
  }
}
