import type { Bias } from "../../lib/contracts/pattern.ts";
import type { DetectorSet } from "../smc/detector_set.ts";
import { CODE } from "../smc/pattern_codes.ts";
import { PLACE } from "./feature_list.ts";
import { RECENCY_HALF_CANDLES, SWEPT_CANDLES } from "./limits.ts";
import { clip, ratio } from "./scale.ts";

const SWEPT = CODE["liquidity.swept"];

/** State of {@link StructureFeatures}; plain data. Sequence numbers are −1 before the first event. */
export interface StructureFeaturesSnapshot {
  bosSeq: number;
  bosBias: Bias;
  chochSeq: number;
  chochBias: Bias;
  sweptHighSeq: number;
  sweptLowSeq: number;
}

/**
 * Features of market structure, from what the causal detectors have confirmed
 * by the close of the newest candle. Where something is not there, the value is
 * the one that the list of features names.
 */
export class StructureFeatures {
  readonly #detectors: DetectorSet;
  #bosSeq = -1;
  #bosBias: Bias = 1;
  #chochSeq = -1;
  #chochBias: Bias = 1;
  #sweptHighSeq = -1;
  #sweptLowSeq = -1;

  constructor(detectors: DetectorSet) {
    this.#detectors = detectors;
  }

  /** Takes the newest candle; the detectors must have taken it before. */
  take(): void {
    const { log, series, structure } = this.#detectors;
    const seq = series.lastSeq;
    const bias = structure.breakBias;
    if (bias !== 0 && structure.lastBreakStage === "choch") {
      this.#chochSeq = seq;
      this.#chochBias = bias;
    } else if (bias !== 0) {
      this.#bosSeq = seq;
      this.#bosBias = bias;
    }
    for (let number = log.newestStart; number < log.end; number++) {
      if (log.codeOf(number) !== SWEPT) continue;
      if (log.biasOf(number) > 0) this.#sweptHighSeq = seq;
      else this.#sweptLowSeq = seq;
    }
  }

  /** Writes the features of the newest candle into a row. */
  write(row: Float32Array): void {
    const { internal, structure } = this.#detectors;
    row[PLACE.trend] = structure.trend;
    row[PLACE.internal_trend] = internal.structure.trend;
    row[PLACE.bos_recency] = this.#bosBias * this.#recency(this.#bosSeq);
    row[PLACE.choch_recency] = this.#chochBias * this.#recency(this.#chochSeq);
    row[PLACE.swept_low] = this.#isRecent(this.#sweptLowSeq) ? 1 : 0;
    row[PLACE.swept_high] = this.#isRecent(this.#sweptHighSeq) ? 1 : 0;
    this.#writeDistances(row);
    this.#writeRange(row);
  }

  #writeDistances(row: Float32Array): void {
    const { blocks, gaps, levels, liquidity, series } = this.#detectors;
    const close = series.newestClose;
    const atr = series.newestAtr;
    row[PLACE.fvg_below] = behind(gaps.nearestFresh(1) - close, atr);
    row[PLACE.fvg_above] = -behind(gaps.nearestFresh(-1) + close, atr);
    row[PLACE.ob_below] = behind(blocks.nearestFresh(1) - close, atr);
    row[PLACE.ob_above] = -behind(blocks.nearestFresh(-1) + close, atr);
    row[PLACE.pool_below] = -ratio(
      liquidity.nearestPriceBeyond(-1, close) + close,
      atr,
    );
    row[PLACE.pool_above] = ratio(
      liquidity.nearestPriceBeyond(1, close) - close,
      atr,
    );
    row[PLACE.level_below] = -ratio(
      levels.nearestPriceBeyond(-1, close) + close,
      atr,
    );
    row[PLACE.level_above] = ratio(
      levels.nearestPriceBeyond(1, close) - close,
      atr,
    );
  }

  #writeRange(row: Float32Array): void {
    const { range } = this.#detectors;
    row[PLACE.leg_direction] = range.direction;
    row[PLACE.retracement] = ratio(range.retracementPct, 100);
    row[PLACE.deepest_retracement] = ratio(range.deepestPct, 100);
    const position = (range.positionPct - 50) / 50;
    row[PLACE.range_position] = Number.isNaN(position) ? 0 : clip(position);
  }

  /** 1 on the candle of the event, a half after some candles, towards 0; 0 before the first event. */
  #recency(seq: number): number {
    if (seq < 0) return 0;
    const candlesSince = this.#detectors.series.lastSeq - seq;
    return RECENCY_HALF_CANDLES / (RECENCY_HALF_CANDLES + candlesSince);
  }

  #isRecent(seq: number): boolean {
    return seq >= 0 && this.#detectors.series.lastSeq - seq < SWEPT_CANDLES;
  }

  snapshot(): StructureFeaturesSnapshot {
    return {
      bosSeq: this.#bosSeq,
      bosBias: this.#bosBias,
      chochSeq: this.#chochSeq,
      chochBias: this.#chochBias,
      sweptHighSeq: this.#sweptHighSeq,
      sweptLowSeq: this.#sweptLowSeq,
    };
  }

  restore(snapshot: StructureFeaturesSnapshot): void {
    this.#bosSeq = snapshot.bosSeq;
    this.#bosBias = snapshot.bosBias;
    this.#chochSeq = snapshot.chochSeq;
    this.#chochBias = snapshot.chochBias;
    this.#sweptHighSeq = snapshot.sweptHighSeq;
    this.#sweptLowSeq = snapshot.sweptLowSeq;
  }
}

/** Distance to a zone behind the price in ATR, at most 0: inside the zone there is none. */
function behind(distance: number, atr: number): number {
  return Math.min(0, ratio(distance, atr));
}
