import { assert } from "../../lib/core/assert.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import { writeCalendar } from "./calendar_features.ts";
import { FEATURE_COUNT, FEATURES_VERSION } from "./feature_list.ts";
import { WARM_UP_CANDLES } from "./limits.ts";
import { PriceFeatures, type PriceFeaturesSnapshot } from "./price_features.ts";
import {
  StructureFeatures,
  type StructureFeaturesSnapshot,
} from "./structure_features.ts";

/** State of a {@link FeatureStream}; structured-cloneable. That of the detectors is kept beside it. */
export interface FeatureStreamSnapshot {
  version: number;
  seq: number;
  candles: number;
  prices: PriceFeaturesSnapshot;
  structure: StructureFeaturesSnapshot;
}

/**
 * Features of a stream of candles, one row a candle, by the list FEATURES. A
 * row holds nothing that was not known at the close of its candle. Live agents
 * and the export of training data run this same class over the same detectors,
 * so their rows are equal bit for bit.
 *
 * The memory is the same after any number of candles, and a step makes no
 * object.
 */
export class FeatureStream {
  readonly #detectors: DetectorSet;
  readonly #prices: PriceFeatures;
  readonly #structure: StructureFeatures;
  readonly #row = new Float32Array(FEATURE_COUNT);
  #seq = -1;
  #candles = 0;

  /** Reads detectors that somebody else feeds. */
  constructor(detectors: DetectorSet) {
    this.#detectors = detectors;
    this.#prices = new PriceFeatures(detectors.series);
    this.#structure = new StructureFeatures(detectors);
  }

  /** EWMA volatility of one candle's log return at the newest candle, that one included. */
  get deviation(): number {
    return this.#prices.deviation;
  }

  /**
   * Takes the newest candle of the detectors, each of them once and in order.
   *
   * @returns The candle's row, which the next step writes over; null before
   * {@link WARM_UP_CANDLES} candles.
   * @throws {DefectError} If a candle was left out or taken twice.
   */
  step(): Float32Array | null {
    const { series, sessions } = this.#detectors;
    const seq = series.lastSeq;
    if (this.#candles > 0 ? seq !== this.#seq + 1 : seq < 0) {
      assert(false, `Features of candle ${seq} cannot follow ${this.#seq}`);
    }
    this.#prices.take(this.#candles === 0);
    this.#structure.take();
    this.#seq = seq;
    this.#candles++;
    if (this.#candles < WARM_UP_CANDLES) return null;
    const row = this.#row;
    this.#prices.write(row);
    writeCalendar(row, { openAt: series.newestAt, sessions });
    this.#structure.write(row);
    return row;
  }

  snapshot(): FeatureStreamSnapshot {
    return {
      version: FEATURES_VERSION,
      seq: this.#seq,
      candles: this.#candles,
      prices: this.#prices.snapshot(),
      structure: this.#structure.snapshot(),
    };
  }

  /**
   * Goes on bit for bit; the detectors must have been restored to the same candle.
   *
   * @throws {DefectError} On a snapshot of other features or of another candle.
   */
  restore(snapshot: FeatureStreamSnapshot): void {
    assert(
      snapshot.version === FEATURES_VERSION,
      `Features of version ${snapshot.version} cannot go on as version ${FEATURES_VERSION}`,
    );
    assert(
      snapshot.seq === this.#detectors.series.lastSeq,
      `Features of candle ${snapshot.seq} do not fit detectors at candle ${this.#detectors.series.lastSeq}`,
    );
    this.#seq = snapshot.seq;
    this.#candles = snapshot.candles;
    this.#prices.restore(snapshot.prices);
    this.#structure.restore(snapshot.structure);
  }
}
