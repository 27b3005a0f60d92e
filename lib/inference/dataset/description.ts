/**
 * What the file beside a data set says: everything that is needed to read it,
 * to make it again and to know what may be done with it.
 *
 * @module
 */
import {
  FEATURE_COUNT,
  FEATURES,
  FEATURES_VERSION,
} from "../../../agents/decision/feature_list.ts";
import {
  FEATURE_CLIP,
  WARM_UP_CANDLES,
} from "../../../agents/decision/limits.ts";
import {
  type Normalization,
  NormalizationFit,
} from "../../../agents/decision/normalization.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { AppError } from "../../core/errors.ts";
import type { Dataset } from "./build.ts";
import type { StudyPlan } from "./folds.ts";
import { RECORD_BYTES, RECORD_DTYPE } from "./format.ts";
import { type DatasetSettings, datasetSettingsSchema } from "./settings.ts";

/** Version of the record and of the description. */
const FORMAT_VERSION = 2;

/** A file by its name and its content. */
export interface HashedFile {
  /** Name without folders. */
  name: string;
  sha256: string;
}

/** How many rows have each label, and what they weigh on average. */
export interface LabelCounts {
  up: number;
  down: number;
  neither: number;
  meanWeight: number;
}

/** Counts the labels of a data set. */
export function countLabels({ label, rows, weight }: Dataset): LabelCounts {
  const of = (wanted: number) => label.filter((each) => each === wanted).length;
  return {
    up: of(1),
    down: of(-1),
    neither: of(0),
    meanWeight: weight.reduce((sum, each) => sum + each, 0) / rows,
  };
}

/**
 * Statistics of the rows up to a time, for training on those rows alone.
 *
 * @throws {AppError} DATASET_TRAINING_EMPTY if none is that old.
 */
export function fitNormalization(
  { features, openAt, rows }: Dataset,
  trainTo: EpochMs,
): Normalization {
  const fit = new NormalizationFit();
  for (let row = 0; row < rows && openAt[row]! <= trainTo; row++) {
    const from = row * FEATURE_COUNT;
    fit.add(features.subarray(from, from + FEATURE_COUNT));
  }
  const normalization = fit.finish();
  if (normalization !== null) return normalization;
  throw new AppError(
    "DATASET_TRAINING_EMPTY",
    `No row opens up to --train-to; the first one is of ${
      new Date(openAt[0]!).toISOString()
    }, so name a later time`,
    { status: 422 },
  );
}

/** What a description is made of. */
export interface DescriptionParts {
  dataset: Dataset;
  settings: DatasetSettings;
  /** The file of the records. */
  data: HashedFile;
  candles: HashedFile & {
    /** Most frequent time between two candles; null with fewer than two. */
    stepMs: number | null;
    gaps: number;
  };
  /** Statistics of the training window with its end; null where none was named. */
  training: { to: EpochMs; normalization: Normalization } | null;
  /** How to cut the rows for a study; null where none was asked for. */
  study: StudyPlan | null;
  licence: string | null;
}

/** The description as JSON for people and programs. */
export function describeDataset(parts: DescriptionParts): string {
  const { dataset, settings, training } = parts;
  const { openAt, rows } = dataset;
  return `${
    JSON.stringify(
      {
        format: "decision-dataset",
        version: FORMAT_VERSION,
        data: {
          file: parts.data.name,
          sha256: parts.data.sha256,
          rows,
          bytes: rows * RECORD_BYTES,
          dtype: RECORD_DTYPE,
          fromAt: openAt[0],
          toAt: openAt[rows - 1],
        },
        features: {
          version: FEATURES_VERSION,
          names: FEATURES.map(({ name }) => name),
          clip: FEATURE_CLIP,
          warmUpCandles: WARM_UP_CANDLES,
          detector: settings.detector,
          detectorChanges: changesOf(settings.detector),
        },
        labels: { ...settings.labels, ...countLabels(dataset) },
        candles: {
          file: parts.candles.name,
          sha256: parts.candles.sha256,
          read: dataset.candles,
          stepMs: parts.candles.stepMs,
          gaps: parts.candles.gaps,
        },
        normalization: training === null
          ? null
          : { toAt: training.to, ...training.normalization },
        study: parts.study,
        licence: parts.licence,
      },
      null,
      2,
    )
  }\n`;
}

/** Settings of the detectors that are not the presets. */
function changesOf(
  detector: DatasetSettings["detector"],
): Record<string, unknown> {
  const presets = datasetSettingsSchema.parse({}).detector;
  return Object.fromEntries(
    Object.entries(detector).filter(([key, value]) =>
      presets[key as keyof typeof presets] !== value
    ),
  );
}
