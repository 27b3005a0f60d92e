import { FEATURE_COUNT } from "../../../agents/decision/feature_list.ts";
import { FeatureStream } from "../../../agents/decision/features.ts";
import {
  labelBarriers,
  uniquenessWeights,
} from "../../../agents/decision/labels.ts";
import { WARM_UP_CANDLES } from "../../../agents/decision/limits.ts";
import { DetectorSet } from "../../../agents/smc/detector_set.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { AppError } from "../../core/errors.ts";
import type {
  CandleColumn,
  CandleSeries,
} from "../../exchange/candle_series.ts";
import { CANDLE_CHUNK_ROWS } from "../../exchange/limits.ts";
import { DATASET_ROWS_MAX } from "./limits.ts";
import type { DatasetSettings } from "./settings.ts";

/** Rows for training in columns, oldest first. */
export interface Dataset {
  rows: number;
  /** Candles that were read: those up to the end of the range. */
  candles: number;
  /** Row by row, FEATURE_COUNT numbers each. */
  features: Float32Array;
  /** Open time of each row's candle. */
  openAt: Float64Array;
  /** Open time of the candle that decided the label. */
  touchAt: Float64Array;
  /** Close of each row's candle. */
  close: Float64Array;
  /** 1, −1 or 0. */
  label: Int8Array;
  /** Average uniqueness, above 0 to 1. */
  weight: Float64Array;
}

/** Which candles get a row. */
export interface DatasetRange {
  /** First one, or null for the first there is; those before it warm the features up. */
  from: EpochMs | null;
  /** Last one that anything is read of, labels included; null for the last there is. */
  to: EpochMs | null;
}

/**
 * Features and labels of a series of candles. A candle has a row when the
 * features are warm, a full time limit of candles follows within the range and
 * the price has a deviation.
 *
 * @throws {AppError} DATASET_EMPTY or DATASET_TOO_LONG.
 */
export function buildDataset(
  candles: CandleSeries,
  { settings, range }: { settings: DatasetSettings; range: DatasetRange },
): Dataset {
  const count = range.to === null
    ? candles.length
    : firstAfter(candles, range.to);
  const fromSeq = range.from === null ? 0 : firstAfter(candles, range.from - 1);
  const firstSeq = Math.max(WARM_UP_CANDLES - 1, fromSeq);
  const lastSeq = count - 1 - settings.labels.limitCandles;
  assertLength(lastSeq - firstSeq + 1, { count, settings });
  const run = runFeatures(candles, { settings, count, firstSeq, lastSeq });
  if (run.seqs.length === 0) {
    throw new AppError(
      "DATASET_EMPTY",
      "No candle of the range gets a row: the price does not move in it, so that barriers have no distance; take other candles",
      { status: 422 },
    );
  }
  const column = (name: CandleColumn) =>
    candles.column(name).subarray(0, count);
  const close = column("close");
  const labels = labelBarriers({
    open: column("open"),
    high: column("high"),
    low: column("low"),
    close,
    deviation: run.deviation,
  }, settings.labels);
  const touch = run.seqs.map((seq) => labels.touch[seq]!);
  return {
    rows: run.seqs.length,
    candles: count,
    features: run.features,
    openAt: Float64Array.from(run.seqs, (seq) => candles.openAt(seq)),
    touchAt: Float64Array.from(touch, (seq) => candles.openAt(seq)),
    close: Float64Array.from(run.seqs, (seq) => close[seq]!),
    label: Int8Array.from(run.seqs, (seq) => labels.label[seq]!),
    weight: uniquenessWeights(run.seqs, touch),
  };
}

interface FeatureRun {
  features: Float32Array;
  /** Candle of each row. */
  seqs: Int32Array;
  /** Deviation of the price at each candle. */
  deviation: Float64Array;
}

/** Runs the candles through the detectors and the features, as a live agent does. */
function runFeatures(
  candles: CandleSeries,
  { settings, count, firstSeq, lastSeq }: {
    settings: DatasetSettings;
    count: number;
    firstSeq: number;
    lastSeq: number;
  },
): FeatureRun {
  const detectors = new DetectorSet(settings.detector);
  const stream = new FeatureStream(detectors);
  const { series } = detectors;
  const isAtr = settings.labels.deviation === "atr";
  const features = new Float32Array((lastSeq - firstSeq + 1) * FEATURE_COUNT);
  const seqs = new Int32Array(lastSeq - firstSeq + 1);
  const deviation = new Float64Array(count);
  let rows = 0;
  for (let fromSeq = 0; fromSeq < count; fromSeq += CANDLE_CHUNK_ROWS) {
    const size = Math.min(CANDLE_CHUNK_ROWS, count - fromSeq);
    const packed = candles.packed(fromSeq, size);
    const batch = { fromSeq, count: size, packed };
    for (let index = 0; index < size; index++) {
      const seq = fromSeq + index;
      detectors.step(batch, index);
      const row = stream.step();
      deviation[seq] = isAtr
        ? series.newestAtr
        : stream.deviation * series.newestClose;
      const isWanted = seq >= firstSeq && seq <= lastSeq && deviation[seq]! > 0;
      if (row === null || !isWanted) continue;
      features.set(row, rows * FEATURE_COUNT);
      seqs[rows++] = seq;
    }
  }
  return {
    features: features.subarray(0, rows * FEATURE_COUNT),
    seqs: seqs.subarray(0, rows),
    deviation,
  };
}

function assertLength(
  rows: number,
  { count, settings }: { count: number; settings: DatasetSettings },
): void {
  if (rows <= 0) {
    const { limitCandles } = settings.labels;
    throw new AppError(
      "DATASET_EMPTY",
      `No candle of the range gets a row: ${count} candles end with it, the first ${
        WARM_UP_CANDLES - 1
      } warm the features up and the last ${limitCandles} have no label; take more candles, a wider range or a smaller labels.limitCandles`,
      { status: 422 },
    );
  }
  if (rows <= DATASET_ROWS_MAX) return;
  throw new AppError(
    "DATASET_TOO_LONG",
    `${rows} rows are too many for one data set (${DATASET_ROWS_MAX} allowed); cut it with --from and --to`,
    { status: 422 },
  );
}

/** First candle that opens after a time; the length of the series where none does. */
function firstAfter(candles: CandleSeries, at: EpochMs): number {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (candles.openAt(middle) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
