import type {
  ModelCard,
  ModelTraining,
  SegmentFigures,
} from "../../contracts/model_card.ts";
import type { ModelManifest } from "../../contracts/model.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { AppError } from "../../core/errors.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import { buildDataset, type Dataset } from "../dataset/build.ts";
import { datasetSettingsSchema } from "../dataset/settings.ts";
import { runtimePlace } from "../install/runtime_place.ts";
import { loadOnnxModel, type OnnxModel } from "../runtime/onnx_model.ts";
import { compareFigures, type Comparison } from "./compare.ts";
import { COST_BP_PRESET } from "./limits.ts";
import { makeCard } from "./make_card.ts";
import {
  readBaseline,
  readCard,
  readTraining,
  writeCard,
} from "./package_files.ts";
import { readSegment, rowsWithin, segmentFigures } from "./segment.ts";
import { readStudy } from "./study.ts";

const PROJECT = new URL("../../../", import.meta.url);

/** Candles with the sum of their file. */
export interface HashedCandles {
  series: CandleSeries;
  sha256: string;
}

/** What to measure; null is what the card says, or all there is. */
export interface EvaluateOptions {
  from: EpochMs | null;
  to: EpochMs | null;
  /** Cost of a side in basis points. */
  costBp: number | null;
}

/** What an evaluation found. */
export interface Evaluation {
  name: string;
  /** What is known of the model already. */
  verdict: string;
  /** Why there is nothing to compare with; null where there is. */
  notCompared: string | null;
  figures: SegmentFigures;
  /** Empty where there is nothing to compare. */
  comparisons: readonly Comparison[];
}

/**
 * Measures the model of a folder on candles: on the card's last segment if they
 * are the card's and nothing else was asked for, else on all rows of the range.
 *
 * @throws {AppError} If the package or the candles cannot be used.
 */
export function evaluateModel(
  folder: string,
  { candles, options }: { candles: HashedCandles; options: EvaluateOptions },
): Promise<Evaluation> {
  return withModel(folder, async (model) => {
    const { manifest } = model;
    const card = await readCard(folder);
    if (card !== null) assertSameModel(card, manifest);
    const notCompared = findReason(card, { candles, options });
    const labels = card?.training.labels ??
      { limitCandles: manifest.horizonCandles };
    const dataset = datasetOf(candles.series, { labels, manifest });
    const rows = card !== null && notCompared === null
      ? card.training.study.last.test
      : { fromAt: options.from ?? -Infinity, toAt: options.to ?? Infinity };
    const segment = await readSegment(
      { model, baseline: await readBaseline(folder), dataset },
      rowsWithin(dataset, rows),
    );
    const figures = segmentFigures(segment, {
      ...card?.decision ?? { margin: 0, logisticMargin: 0 },
      costBp: options.costBp ?? card?.training.costBp ?? COST_BP_PRESET,
      trialSharpes: card?.trialSharpes ?? [],
    });
    return {
      name: manifest.name,
      verdict: manifest.verdict,
      notCompared,
      figures,
      comparisons: card !== null && notCompared === null
        ? compareFigures(card.test, figures)
        : [],
    };
  });
}

function findReason(
  card: ModelCard | null,
  { candles, options }: { candles: HashedCandles; options: EvaluateOptions },
): string | null {
  if (card === null) {
    return "It has no card; what it learned from may be among the rows";
  }
  if (card.training.data.candles.sha256 !== candles.sha256) {
    return "These are not the candles of its card";
  }
  const { costBp, from, to } = options;
  const isAsked = [costBp, from, to].some((each) => each !== null);
  return isAsked
    ? "Its card is of other rows or costs; what it learned from may be among the rows"
    : null;
}

/**
 * Measures a model that was just trained and writes its card.
 *
 * @throws {AppError} If the package, the study or the candles cannot be used.
 */
export function writeModelCard(
  folder: string,
  { candles, study }: { candles: HashedCandles; study: string },
): Promise<ModelCard> {
  return withModel(folder, async (model) => {
    const training = await readTraining(folder);
    if (training.data.candles.sha256 !== candles.sha256) {
      throw new AppError(
        "CARD_CANDLES_DIFFER",
        `The candles are not those of the training, ${training.data.candles.file}; a card is made of the same file`,
        { status: 422 },
      );
    }
    const { manifest } = model;
    const { temperature } = manifest;
    const { labels } = training;
    const dataset = datasetOf(candles.series, { labels, manifest });
    const baseline = await readBaseline(folder);
    const card = await makeCard({ model, baseline, dataset }, {
      training,
      study: await readStudy(study, { dataset, temperature }),
    });
    await writeCard(folder, card);
    return card;
  });
}

async function withModel<T>(
  folder: string,
  run: (model: OnnxModel) => Promise<T>,
): Promise<T> {
  const loaded = await loadOnnxModel({
    folder,
    runtimeFolder: runtimePlace(PROJECT, null).folder,
  });
  if (!loaded.ok) {
    throw new AppError("MODEL_UNSOUND", loaded.problems.join("\n"), {
      status: 422,
    });
  }
  try {
    return await run(loaded.value);
  } finally {
    await loaded.value.release();
  }
}

/** All rows of the candles, with the labels of the training and the detectors of the model. */
function datasetOf(
  candles: CandleSeries,
  { labels, manifest }: {
    labels: Partial<ModelTraining["labels"]>;
    manifest: ModelManifest;
  },
): Dataset {
  const settings = datasetSettingsSchema.parse({
    labels,
    detector: manifest.detector,
  });
  return buildDataset(candles, { settings, range: { from: null, to: null } });
}

function assertSameModel(card: ModelCard, manifest: ModelManifest): void {
  if (card.onnxSha256 === manifest.onnxSha256) return;
  throw new AppError(
    "CARD_OF_ANOTHER_MODEL",
    `The card of ${card.name} is of another model.onnx; write it anew with --write-card`,
    { status: 422 },
  );
}
