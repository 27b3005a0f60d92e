import { assert } from "../../lib/core/assert.ts";
import { FEATURE_COUNT, FEATURES, FEATURES_VERSION } from "./feature_list.ts";
import { ratio } from "./scale.ts";

/** Statistics of the rows that a model was trained on, and of no later ones: plain numbers, kept beside the model. */
export interface Normalization {
  /** Version of the features. */
  version: number;
  /** Names of the features, in the order of the numbers. */
  names: readonly string[];
  /** Rows that the numbers are of. */
  rows: number;
  mean: readonly number[];
  /** Population standard deviations (divided by n). */
  deviation: readonly number[];
}

/** Sums up rows of a training window, one by one and without keeping them (Welford 1962). */
export class NormalizationFit {
  #rows = 0;
  readonly #mean = new Float64Array(FEATURE_COUNT);
  readonly #squares = new Float64Array(FEATURE_COUNT);

  /** Takes a row of the training window. */
  add(row: Float32Array): void {
    assertRow(row);
    this.#rows++;
    for (let place = 0; place < FEATURE_COUNT; place++) {
      const delta = row[place]! - this.#mean[place]!;
      this.#mean[place]! += delta / this.#rows;
      this.#squares[place]! += delta * (row[place]! - this.#mean[place]!);
    }
  }

  /** The statistics, or null without a row. */
  finish(): Normalization | null {
    const rows = this.#rows;
    return rows === 0 ? null : {
      version: FEATURES_VERSION,
      names: FEATURES.map(({ name }) => name),
      rows,
      mean: [...this.#mean],
      deviation: Array.from(
        this.#squares,
        (squares) => Math.sqrt(squares / rows),
      ),
    };
  }
}

/**
 * Writes `(feature − mean) ÷ deviation`, cut to ±5, into `target`. A feature
 * that never changed in training tells nothing and is 0.
 *
 * @throws {DefectError} If the statistics are of other features.
 */
export function normalize(
  row: Float32Array,
  { normalization, target }: {
    normalization: Normalization;
    target: Float32Array;
  },
): void {
  assertRow(row);
  assertRow(target);
  const { deviation, mean, version } = normalization;
  assert(
    version === FEATURES_VERSION && mean.length === FEATURE_COUNT &&
      deviation.length === FEATURE_COUNT,
    `Statistics of ${mean.length} features of version ${version} do not fit ${FEATURE_COUNT} of version ${FEATURES_VERSION}`,
  );
  for (let place = 0; place < FEATURE_COUNT; place++) {
    target[place] = deviation[place]! > 0
      ? ratio(row[place]! - mean[place]!, deviation[place]!)
      : 0;
  }
}

function assertRow(row: Float32Array): void {
  if (row.length === FEATURE_COUNT) return;
  assert(false, `A row has ${FEATURE_COUNT} numbers, was ${row.length}`);
}
