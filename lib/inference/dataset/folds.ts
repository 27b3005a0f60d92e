/**
 * How a data set is cut for a walk-forward study: folds to choose a model by,
 * and a last segment that is looked at once.
 *
 * @module
 */
import { AppError } from "../../core/errors.ts";
import { EMBARGO_PART, FOLD_ROWS_MIN, TEST_PART } from "./limits.ts";

/** Rows `from` (inclusive) to `to` (exclusive). */
export type RowRange = readonly [from: number, to: number];

/** A piece of a study: a model learns from the first rows and is measured on the second. */
export interface Fold {
  train: RowRange;
  validation: RowRange;
}

/** The cuts of a data set. */
export interface StudyPlan {
  /** Rows left out between what is learned from and what is measured, at least. */
  embargoRows: number;
  /** Folds to choose by, oldest first; each learns from all rows before its validation. */
  folds: readonly Fold[];
  /** The model that is shipped: calibrated on `validation`, measured once on `test`. */
  last: Fold & { test: RowRange };
}

/** What a plan is made of: times of the rows, oldest first. */
export interface StudyRows {
  rows: number;
  openAt: Float64Array;
  touchAt: Float64Array;
}

/**
 * Cuts rows into `folds` walk-forward folds and a last segment. The test is the
 * newest sixth; each validation is half as long, one after the other before it.
 *
 * Purge: no label of rows that are learned from is decided by a candle of the
 * rows that are measured next, or by a later one. Embargo: at least one row in a
 * hundred is left out between them (López de Prado, Advances in Financial
 * Machine Learning, 2018, section 7.4; there it comes after the test, as his
 * folds also learn from what comes later). Both are cut off the older rows, so
 * that every part stays whole.
 *
 * @throws {AppError} DATASET_TOO_SHORT if a part would have too few rows.
 */
export function planStudy(
  { rows, openAt, touchAt }: StudyRows,
  { folds }: { folds: number },
): StudyPlan {
  const embargoRows = Math.ceil(rows * EMBARGO_PART);
  const testFrom = rows - Math.floor(rows * TEST_PART);
  const validationRows = Math.floor(rows * TEST_PART / 2);
  const before = (from: number, to: number): RowRange => {
    const limit = openAt[to]!;
    let end = Math.max(from, to - embargoRows);
    // Labels of neighbours end in any order, so the oldest that reaches over counts.
    for (let row = end - 1; row >= from; row--) {
      if (touchAt[row]! >= limit) end = row;
    }
    return [from, end];
  };
  const foldBefore = (end: number): Fold => {
    const from = Math.max(0, end - validationRows);
    return { train: before(0, from), validation: before(from, end) };
  };
  const plan: StudyPlan = {
    embargoRows,
    folds: Array.from(
      { length: folds },
      (_, index) => foldBefore(testFrom - validationRows * (folds - index)),
    ),
    last: { ...foldBefore(testFrom), test: [testFrom, rows] },
  };
  assertLong(plan, rows);
  return plan;
}

function assertLong({ folds, last }: StudyPlan, rows: number): void {
  const ranges = [...folds, last].flatMap(({ train, validation }) => [
    train,
    validation,
  ]);
  const shortest = [...ranges, last.test].reduce(
    (least, [from, to]) => Math.min(least, to - from),
    Infinity,
  );
  if (shortest >= FOLD_ROWS_MIN) return;
  throw new AppError(
    "DATASET_TOO_SHORT",
    `${rows} rows are too few for ${folds.length} folds and a last segment: a part would have ` +
      `${shortest} of at least ${FOLD_ROWS_MIN}; take more candles or fewer folds`,
    { status: 422 },
  );
}
