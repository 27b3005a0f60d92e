import type { ModelManifest } from "../../contracts/model.ts";
import {
  type ModelCard,
  type ModelTraining,
} from "../../contracts/model_card.ts";
import { AppError } from "../../core/errors.ts";
import { MARGINS } from "./limits.ts";
import {
  chooseMargin,
  marginFigures,
  readSegment,
  rowsWithin,
  segmentFigures,
  type Subject,
} from "./segment.ts";
import { studyFigures, type StudyPart } from "./study.ts";
import { verdictOf } from "./verdict.ts";

/**
 * Measures a model for its card: the margin is chosen on the last validation,
 * and then the last segment is looked at once.
 *
 * @throws {AppError} CARD_ROWS_DIFFER if the candles give other rows than the training had.
 */
export async function makeCard(
  subject: Subject,
  { training, study }: { training: ModelTraining; study: readonly StudyPart[] },
): Promise<ModelCard> {
  const { costBp } = training;
  const { manifest } = subject.model;
  const { test, validation } = training.study.last;
  const measured = await readSegment(
    subject,
    rowsWithin(subject.dataset, validation),
  );
  const margin = chooseMargin(measured, { chances: measured.chances, costBp });
  const logisticMargin = chooseMargin(measured, {
    chances: measured.logistic,
    costBp,
  });
  const { folds, trialSharpes } = studyFigures(study, {
    chosen: training.choice.chosen,
    margin,
    costBp,
  });
  const segment = await readSegment(subject, rowsWithin(subject.dataset, test));
  if (segment.label.length !== test.rows) {
    throw new AppError(
      "CARD_ROWS_DIFFER",
      `The last segment has ${segment.label.length} rows, but the training had ${test.rows}; name the candles that it was trained on`,
      { status: 422 },
    );
  }
  const figures = segmentFigures(segment, {
    margin,
    logisticMargin,
    costBp,
    trialSharpes,
  });
  return {
    ...headOf(manifest),
    training,
    decision: { margin, logisticMargin, margins: [...MARGINS] },
    trialSharpes,
    folds,
    validation: marginFigures(measured, { margin, costBp }),
    test: figures,
    ...verdictOf(figures, { costBp, trials: trialSharpes.length }),
  };
}

function headOf(manifest: ModelManifest) {
  return {
    format: "smc-fleet-model-card",
    v: 1,
    name: manifest.name,
    title: manifest.title,
    kind: manifest.kind,
    timeframe: manifest.timeframes[0]!,
    onnxSha256: manifest.onnxSha256,
    featuresVersion: manifest.featuresVersion,
    features: manifest.features.length,
    windowCandles: manifest.windowCandles,
    temperature: manifest.temperature,
  } as const;
}
