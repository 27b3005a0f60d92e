import type {
  ModelCard,
  ModelTraining,
  SegmentFigures,
} from "../../contracts/model_card.ts";
import type { ModelManifest } from "../../contracts/model.ts";
import { AppError } from "../../core/errors.ts";
import type { CandleSeries } from "../../exchange/candle_series.ts";
import { buildDataset, type Dataset } from "../dataset/build.ts";
import { datasetSettingsSchema } from "../dataset/settings.ts";
import { loadOnnxModel, type OnnxModel } from "../runtime/onnx_model.ts";
import { RUNTIME_WASM } from "../runtime/runtime.ts";
import { compareFigures, type Comparison } from "./compare.ts";
import { makeCard } from "./make_card.ts";
import {
  readBaseline,
  readCard,
  readTraining,
  writeCard,
} from "./package_files.ts";
import { readSegment, rowsWithin, segmentFigures } from "./segment.ts";
import { readStudy } from "./study.ts";

const PROJECT_FOLDER = decodeURIComponent(
  new URL("../../../", import.meta.url).pathname,
);

/** Candles with the sum of their file. */
export interface HashedCandles {
  series: CandleSeries;
  sha256: string;
}

/** What an evaluation found. */
export interface Evaluation {
  name: string;
  verdict: string;
  /** Whether the candles are those of the card. */
  isOfCard: boolean;
  figures: SegmentFigures;
  /** Empty where the candles are others. */
  comparisons: readonly Comparison[];
}

/**
 * Measures the model of a folder on candles: on the card's last segment if they
 * are the card's, else on all rows.
 *
 * @throws {AppError} If the package or the candles cannot be used.
 */
export function evaluateModel(
  folder: string,
  candles: HashedCandles,
): Promise<Evaluation> {
  return withModel(folder, async (model) => {
    const card = await readCard(folder);
    assertSameModel(card, model.manifest);
    const dataset = datasetOf(card.training, {
      candles: candles.series,
      manifest: model.manifest,
    });
    const { costBp, data, study } = card.training;
    const isOfCard = data.candles.sha256 === candles.sha256;
    const segment = await readSegment(
      { model, baseline: await readBaseline(folder), dataset, costBp },
      isOfCard ? rowsWithin(dataset, study.last.test) : [0, dataset.rows],
    );
    const figures = segmentFigures(segment, {
      ...card.decision,
      costBp,
      trialSharpes: card.trialSharpes,
    });
    return {
      name: card.name,
      verdict: card.verdict,
      isOfCard,
      figures,
      comparisons: isOfCard ? compareFigures(card.test, figures) : [],
    };
  });
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
    const dataset = datasetOf(training, {
      candles: candles.series,
      manifest: model.manifest,
    });
    const baseline = await readBaseline(folder);
    const { temperature } = model.manifest;
    const card = await makeCard({
      model,
      baseline,
      dataset,
      costBp: training.costBp,
    }, {
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
    wasmPath: `${PROJECT_FOLDER}${RUNTIME_WASM}`,
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
  { labels }: ModelTraining,
  { candles, manifest }: { candles: CandleSeries; manifest: ModelManifest },
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
