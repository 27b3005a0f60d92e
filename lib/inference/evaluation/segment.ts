import type {
  LogisticBaseline,
  RowSpan,
  SegmentFigures,
  TradingFigures,
} from "../../contracts/model_card.ts";
import { deflatedSharpe } from "../../backtest/metrics/deflated_sharpe.ts";
import { AppError } from "../../core/errors.ts";
import type { Dataset } from "../dataset/build.ts";
import type { RowRange } from "../dataset/folds.ts";
import type { OnnxModel } from "../runtime/onnx_model.ts";
import { logisticChances, modelChances } from "./answers.ts";
import { forecastFigures, logLoss } from "./forecast.ts";
import { EXPOSURE_MIN, MARGINS, SEGMENT_ROWS_MIN } from "./limits.ts";
import {
  netReturns,
  periodsPerYearOf,
  randomFigures,
  sidesOf,
  tradingFigures,
} from "./trading.ts";

/** A model with what it is measured on. */
export interface Subject {
  model: OnnxModel;
  /** Null where the package has none. */
  baseline: LogisticBaseline | null;
  dataset: Dataset;
}

/** Rows with the chances of the model and of the baseline. */
export interface Segment {
  openAt: Float64Array;
  close: Float64Array;
  label: Int8Array;
  chances: Float64Array;
  logistic: Float64Array | null;
}

/** Rows whose candles open within a span. */
export function rowsWithin(
  { openAt, rows }: Dataset,
  { fromAt, toAt }: Pick<RowSpan, "fromAt" | "toAt">,
): RowRange {
  let from = 0;
  while (from < rows && openAt[from]! < fromAt) from++;
  let to = from;
  while (to < rows && openAt[to]! <= toAt) to++;
  return [from, to];
}

/**
 * Lets the model and the baseline answer for some rows; those without a whole
 * window before them are left out.
 *
 * @throws {AppError} SEGMENT_TOO_SHORT if too few are left to measure.
 */
export async function readSegment(
  { model, baseline, dataset }: Subject,
  [first, to]: RowRange,
): Promise<Segment> {
  const from = Math.max(first, model.manifest.windowCandles - 1);
  const rows: RowRange = [from, Math.max(from, to)];
  if (to - from < SEGMENT_ROWS_MIN) {
    throw new AppError(
      "SEGMENT_TOO_SHORT",
      `${
        Math.max(0, to - from)
      } rows are too few to measure, at least ${SEGMENT_ROWS_MIN} are needed; take more candles or a wider range`,
      { status: 422 },
    );
  }
  return {
    openAt: dataset.openAt.subarray(...rows),
    close: dataset.close.subarray(...rows),
    label: dataset.label.subarray(...rows),
    chances: await modelChances(model, dataset, rows),
    logistic: baseline === null ? null : logisticChances(baseline, {
      manifest: model.manifest,
      dataset,
      rows,
    }),
  };
}

/** The margin with the best Sharpe ratio among those that trade at all; the least one where none does. */
export function chooseMargin(
  segment: Segment,
  { chances, costBp }: { chances: Float64Array | null; costBp: number },
): number {
  if (chances === null) return MARGINS[0];
  let best: { margin: number; sharpe: number } | null = null;
  for (const margin of MARGINS) {
    const sides = sidesOf(chances, margin);
    const { exposure, sharpe } = tradingFigures(segment, { sides, costBp });
    if (exposure < EXPOSURE_MIN || sharpe === null) continue;
    if (best === null || sharpe > best.sharpe) best = { margin, sharpe };
  }
  return best?.margin ?? MARGINS[0];
}

/** How positions are made, and what else was tried. */
export interface Decision {
  margin: number;
  logisticMargin: number;
  costBp: number;
  trialSharpes: readonly (number | null)[];
}

/** All figures of a segment. */
export function segmentFigures(
  segment: Segment,
  decision: Decision,
): SegmentFigures {
  const { costBp, margin, logisticMargin, trialSharpes } = decision;
  const { chances, close, label, logistic } = segment;
  const sides = sidesOf(chances, margin);
  return {
    rows: label.length,
    trading: tradingFigures(segment, { sides, costBp }),
    forecast: forecastFigures({ chances, close, label, sides }),
    baselines: {
      hold: tradingFigures(segment, {
        sides: new Int8Array(label.length).fill(1),
        costBp,
      }),
      logistic: logistic === null ? null : tradingFigures(segment, {
        sides: sidesOf(logistic, logisticMargin),
        costBp,
      }),
      logisticLogLoss: logistic === null ? null : logLoss(logistic, label),
      random: randomFigures(segment, { sides, costBp }),
    },
    deflatedSharpe: deflatedSharpe({
      sharpes: trialSharpes,
      returns: [...netReturns(segment, { sides, costBp })],
      periodsPerYear: periodsPerYearOf(segment),
    }),
  };
}

/** Figures of trading a segment with a margin. */
export function marginFigures(
  segment: Segment,
  { margin, costBp }: { margin: number; costBp: number },
): TradingFigures {
  const sides = sidesOf(segment.chances, margin);
  return tradingFigures(segment, { sides, costBp });
}
