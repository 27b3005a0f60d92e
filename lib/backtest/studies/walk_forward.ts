/**
 * Walk-forward study: of each training part the best set is chosen, and traded
 * on the test part that follows it, which it has not seen. The capital at the
 * end of a test is that of the next; positions are closed between them.
 *
 * @module
 */
import type { Objective } from "../../contracts/backtest.ts";
import type {
  BacktestSummary,
  FoldRow,
} from "../../contracts/backtest_report.ts";
import { decimal, type DecimalText, ZERO } from "../../core/decimal.ts";
import { AppError } from "../../core/errors.ts";
import type { BacktestRun } from "../engine.ts";
import { FOLD_CANDLES_MIN, WARM_UP_CANDLES } from "../limits.ts";
import type { JobRunner } from "../workers/job.ts";
import type { ParameterSet } from "./grid.ts";
import type { EntryPlan } from "./entry_plans.ts";
import { joinRuns } from "./join_runs.ts";
import { type CandleRange, runSweep } from "./sweep.ts";

/** Training and test part of one fold. */
export interface Fold {
  train: CandleRange;
  test: CandleRange;
}

/**
 * Cuts a range into rolling folds. All tests have the same length and follow on
 * each other up to the end; a training part is `trainPct` of its fold.
 *
 * @throws {AppError} BACKTEST_FOLDS_TOO_SHORT if a part would have too few candles.
 */
export function cutFolds(
  range: CandleRange,
  { folds, trainPct }: { folds: number; trainPct: number },
): readonly Fold[] {
  const count = range.toSeq - range.fromSeq;
  const ratio = trainPct / (100 - trainPct);
  const testCandles = Math.floor(count / (folds + ratio));
  const trainCandles = Math.floor(testCandles * ratio);
  if (testCandles < FOLD_CANDLES_MIN || trainCandles < FOLD_CANDLES_MIN) {
    throw new AppError(
      "BACKTEST_FOLDS_TOO_SHORT",
      `${folds} folds over ${count} candles leave ${testCandles} for a test and ${trainCandles} for training; ` +
        `at least ${FOLD_CANDLES_MIN} are needed: choose fewer folds or more candles`,
      { status: 422 },
    );
  }
  const firstTest = range.toSeq - folds * testCandles;
  return Array.from({ length: folds }, (_, index) => {
    const fromSeq = firstTest + index * testCandles;
    return {
      train: { fromSeq: fromSeq - trainCandles, toSeq: fromSeq },
      test: { fromSeq, toSeq: fromSeq + testCandles },
    };
  });
}

/** What a walk-forward study came to. */
export interface WalkForward {
  rows: readonly FoldRow[];
  /** The tests as one run. */
  joined: BacktestRun;
  efficiency: number | null;
  /** Entries of all tests. */
  plans: readonly EntryPlan[];
}

/** Runs all folds, one after the other; the sets of a fold run at the same time. */
export async function runWalkForward(
  runner: JobRunner,
  options: {
    sets: readonly ParameterSet[];
    objective: Objective;
    folds: readonly Fold[];
    initialCapital: DecimalText;
  },
): Promise<WalkForward> {
  const { sets, objective, folds, initialCapital } = options;
  const rows: FoldRow[] = [];
  const tests: BacktestRun[] = [];
  const allPlans: EntryPlan[] = [];
  let capital = initialCapital;
  for (const [index, { train, test }] of folds.entries()) {
    // deno-lint-ignore no-await-in-loop -- the capital of a test is the result of the one before
    const [best] = await runSweep(runner, { sets, objective, range: train });
    const { config } = best!.set;
    // deno-lint-ignore no-await-in-loop -- as above
    const { run, score, plans } = await runner.run({
      config: { ...config, risk: { ...config.risk, initialCapital: capital } },
      fromSeq: Math.max(0, test.fromSeq - WARM_UP_CANDLES),
      toSeq: test.toSeq,
      tradeFromSeq: test.fromSeq,
      closesAtEnd: true,
      objective,
      keeps: "whole",
    });
    rows.push({
      fold: index + 1,
      trainFromSeq: train.fromSeq,
      testFromSeq: test.fromSeq,
      testToSeq: test.toSeq,
      chosen: best!.values,
      trainScore: best!.score,
      testScore: score,
      trainSummary: best!.summary,
      testSummary: run!.summary,
    });
    tests.push(run!);
    allPlans.push(...plans);
    // Without capital there is nothing to trade the next test with.
    if (run!.finalEquity === null || decimal(run!.finalEquity).lte(ZERO)) break;
    capital = run!.finalEquity;
  }
  return {
    rows,
    joined: joinRuns(tests, initialCapital),
    efficiency: efficiencyOf(rows, objective),
    plans: allPlans,
  };
}

/**
 * Mean test score over mean train score; null where the training earned nothing
 * to compare with. A net result is an amount, so it is one of a candle here:
 * training parts are longer than tests.
 */
export function efficiencyOf(
  rows: readonly FoldRow[],
  objective: Objective,
): number | null {
  const scoreOf = (score: number, { candles }: BacktestSummary) =>
    objective === "netPnl" ? score / candles : score;
  let trained = 0;
  let tested = 0;
  for (const { trainScore, testScore, trainSummary, testSummary } of rows) {
    if (trainScore === null || testScore === null) continue;
    trained += scoreOf(trainScore, trainSummary);
    tested += scoreOf(testScore, testSummary);
  }
  return trained > 0 ? tested / trained : null;
}
