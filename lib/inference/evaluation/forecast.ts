import type {
  CalibrationBin,
  ForecastFigures,
} from "../../contracts/model_card.ts";
import { CALIBRATION_BINS } from "./limits.ts";

/** Smallest chance that the log loss takes, so that one wrong certainty does not outweigh all else. */
const CHANCE_MIN = 1e-9;

/** Forecasts with what came. Chances are of down, flat and up, row after row. */
export interface Forecasts {
  chances: Float64Array;
  /** −1, 0 or 1. */
  label: Int8Array;
  close: Float64Array;
  sides: Int8Array;
}

/** How good forecasts of the labels are. */
export function forecastFigures(forecasts: Forecasts): ForecastFigures {
  const { chances, label } = forecasts;
  return {
    logLoss: logLoss(chances, label),
    baseLogLoss: baseLogLoss(label),
    ...hitFigures(forecasts),
    nextCandleHitRate: nextCandleHitRate(forecasts),
    calibration: calibrationOf(chances, label),
  };
}

/** Mean of −ln of the chance that was given to what came. */
export function logLoss(chances: Float64Array, label: Int8Array): number {
  let sum = 0;
  label.forEach((each, row) =>
    sum -= Math.log(Math.max(CHANCE_MIN, chances[3 * row + each + 1]!))
  );
  return sum / label.length;
}

/** The least log loss of chances that are the same in all rows. */
export function baseLogLoss(label: Int8Array): number {
  return [-1, 0, 1].reduce((sum, wanted) => {
    const part = label.filter((each) => each === wanted).length / label.length;
    return part === 0 ? sum : sum - part * Math.log(part);
  }, 0);
}

function hitFigures(
  { label, sides }: Forecasts,
): Pick<ForecastFigures, "hitRows" | "hitRate"> {
  let rows = 0;
  let hits = 0;
  sides.forEach((side, row) => {
    if (side === 0 || label[row] === 0) return;
    rows++;
    if (side === label[row]) hits++;
  });
  return { hitRows: rows, hitRate: rows === 0 ? null : hits / rows };
}

function nextCandleHitRate({ close, sides }: Forecasts): number | null {
  let rows = 0;
  let hits = 0;
  for (let row = 0; row + 1 < close.length; row++) {
    const direction = Math.sign(close[row + 1]! - close[row]!);
    if (sides[row] === 0 || direction === 0) continue;
    rows++;
    if (sides[row] === direction) hits++;
  }
  return rows === 0 ? null : hits / rows;
}

/** Rows in order of their chance of "up", in parts of equal size. */
export function calibrationOf(
  chances: Float64Array,
  label: Int8Array,
): CalibrationBin[] {
  const order = Array.from(label, (_, row) => row).sort((a, b) =>
    chances[3 * a + 2]! - chances[3 * b + 2]! || a - b
  );
  const bins = Math.min(CALIBRATION_BINS, order.length);
  return Array.from({ length: bins }, (_, bin) => {
    const part = order.slice(
      Math.floor(bin * order.length / bins),
      Math.floor((bin + 1) * order.length / bins),
    );
    const sumOf = (value: (row: number) => number) =>
      part.reduce((sum, row) => sum + value(row), 0);
    return {
      rows: part.length,
      chance: sumOf((row) => chances[3 * row + 2]!) / part.length,
      share: sumOf((row) => label[row] === 1 ? 1 : 0) / part.length,
    };
  });
}
