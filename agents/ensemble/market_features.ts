import {
  FeatureStream,
  type FeatureStreamSnapshot,
} from "../decision/features.ts";
import { WARM_UP_CANDLES } from "../decision/limits.ts";
import { packCandles, type PackedCandles } from "../market/candle_batch.ts";
import { CandleSeries, SERIES_CAPACITY } from "../market/candle_series.ts";
import { DetectorSet, type DetectorSetSnapshot } from "../smc/detector_set.ts";
import type { DetectorConfig } from "../../lib/contracts/strategies.ts";
import { FeatureRows, type FeatureRowsSnapshot } from "./feature_rows.ts";

/** State of {@link MarketFeatures}. */
export interface MarketFeaturesSnapshot {
  detectors: DetectorSetSnapshot;
  features: FeatureStreamSnapshot;
  rows: FeatureRowsSnapshot;
}

/** What a decision engine sees of its market: detectors, features, and the newest rows of these. */
export class MarketFeatures {
  readonly detectors: DetectorSet;
  readonly rows = new FeatureRows();
  readonly #features: FeatureStream;

  constructor(detector: DetectorConfig) {
    this.detectors = new DetectorSet(detector);
    this.#features = new FeatureStream(this.detectors);
  }

  /** Takes candle `index` of a batch, unless it is in the state already, as after a restart. */
  step(batch: PackedCandles, index: number): void {
    if (this.detectors.series.lastSeq >= batch.fromSeq + index) return;
    this.detectors.step(batch, index);
    const row = this.#features.step();
    if (row !== null) this.rows.push(row);
  }

  /** Open time of the newest candle; null before the first. */
  get newestAt(): number | null {
    const { series } = this.detectors;
    return series.lastSeq < 0 ? null : series.newestAt;
  }

  /** Candles that are still to come until there are `rows` rows. */
  candlesUntil(rows: number): number {
    const { firstSeq, lastSeq } = this.detectors.series;
    return Math.max(0, WARM_UP_CANDLES - 1 + rows - (lastSeq - firstSeq + 1));
  }

  snapshot(): MarketFeaturesSnapshot {
    return {
      detectors: this.detectors.snapshot(),
      features: this.#features.snapshot(),
      rows: this.rows.snapshot(),
    };
  }

  /** Goes on bit for bit, with the settings that the snapshot was made with. */
  restore({ detectors, features, rows }: MarketFeaturesSnapshot): void {
    this.detectors.restore(detectors);
    this.#features.restore(features);
    this.rows.restore(rows);
  }

  /** Sees the candles that a snapshot of other settings kept anew. */
  replay({ detectors }: MarketFeaturesSnapshot): void {
    const kept = new CandleSeries();
    kept.restore(detectors.series);
    const candles = kept.candlesAfter(-1, SERIES_CAPACITY);
    if (candles.length === 0) return;
    const batch = packCandles(candles);
    for (let index = 0; index < batch.count; index++) this.step(batch, index);
  }
}
