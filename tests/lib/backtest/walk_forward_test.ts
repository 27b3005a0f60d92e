import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cutFolds,
  efficiencyOf,
  runWalkForward,
} from "../../../lib/backtest/studies/walk_forward.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../../lib/exchange/candle_series.ts";
import type { FoldRow } from "../../../lib/contracts/backtest_report.ts";
import { assertNear } from "../../support/assert_near.ts";
import { withRunner } from "./runners.ts";
import { sampleReport } from "./sample_report.ts";
import { simulated } from "./setup.ts";
import { candles, GRID, range, setsOf } from "./studies_support.ts";

Deno.test("cutFolds() gives tests that follow on each other, each after a training part it is not in", () => {
  fc.assert(fc.property(
    fc.integer({ min: 3_000, max: 100_000 }),
    fc.integer({ min: 2, max: 12 }),
    fc.integer({ min: 50, max: 90 }),
    (count, folds, trainPct) => {
      const cut = cutFolds({ fromSeq: 0, toSeq: count }, { folds, trainPct });
      assert.equal(cut.length, folds);
      assert.equal(cut.at(-1)!.test.toSeq, count);
      for (const [index, { train, test }] of cut.entries()) {
        assert.equal(train.toSeq, test.fromSeq);
        assert(train.fromSeq >= 0);
        const part = (train.toSeq - train.fromSeq) /
          (test.toSeq - train.fromSeq);
        assert(Math.abs(part * 100 - trainPct) < 1, `${part}`);
        if (index > 0) assert.equal(test.fromSeq, cut[index - 1]!.test.toSeq);
      }
    },
  ));
  assert.throws(
    () => cutFolds({ fromSeq: 0, toSeq: 300 }, { folds: 10, trainPct: 75 }),
    /10 folds over 300 candles leave .* choose fewer folds/,
  );
});

/** The same candles with other prices from `fromSeq` on. */
function changedFrom(fromSeq: number, seed: number): CandleSeries {
  const other = simulated(seed, candles.length);
  return seriesFromCandles(Array.from({ length: candles.length }, (_, seq) => ({
    ...(seq < fromSeq ? candles : other).candle(seq),
    openAt: candles.openAt(seq),
  })));
}

Deno.test("runWalkForward() chooses without the test candles: others there choose the same sets", async () => {
  const folds = cutFolds(range, { folds: 3, trainPct: 60 });
  const study = (series: CandleSeries) =>
    withRunner(
      { candles: series, workers: 0 },
      (runner) =>
        runWalkForward(runner, {
          sets: setsOf(GRID),
          objective: "netPnl",
          folds,
          initialCapital: "10000",
        }),
    );
  const plain = await study(candles);
  for (const seed of [21, 22]) {
    const last = folds.at(-1)!.test.fromSeq;
    // deno-lint-ignore no-await-in-loop -- one study at a time
    const changed = await study(changedFrom(last, seed));
    assert.deepEqual(
      changed.rows.map(({ chosen, trainScore }) => [chosen, trainScore]),
      plain.rows.map(({ chosen, trainScore }) => [chosen, trainScore]),
      `seed ${seed}`,
    );
    assert.equal(
      changed.rows[0]!.testSummary.tradesHash,
      plain.rows[0]!.testSummary.tradesHash,
    );
    assert.notEqual(
      changed.rows.at(-1)!.testSummary.tradesHash,
      plain.rows.at(-1)!.testSummary.tradesHash,
    );
  }
});

Deno.test("runWalkForward() trades only tests, carries the capital on and joins what it traded", async () => {
  const folds = cutFolds(range, { folds: 3, trainPct: 60 });
  const { rows, joined } = await withRunner(
    { candles, workers: 0 },
    (runner) =>
      runWalkForward(runner, {
        sets: setsOf(GRID),
        objective: "sharpe",
        folds,
        initialCapital: "10000",
      }),
  );
  const tests = rows.reduce((sum, row) => sum + row.testSummary.trades, 0);
  assert.equal(joined.trades.length, tests);
  assert(tests > 5, `${tests} trades`);
  for (const trade of joined.trades) {
    const fold = rows.find(({ testFromSeq, testToSeq }) =>
      trade.entrySeq >= testFromSeq && trade.exitSeq < testToSeq
    );
    assert(fold !== undefined, `${trade.tradeId} lies in one test`);
  }
  const net = joined.trades.reduce(
    (sum, { netPnl }) => sum + Number(netPnl),
    0,
  );
  assert(Math.abs(Number(joined.summary.netPnl) - net) < 1e-6);
  const candlesTested = folds.reduce(
    (sum, { test }) => sum + test.toSeq - test.fromSeq,
    0,
  );
  assert.equal(joined.summary.candles, candlesTested);
});

Deno.test("efficiencyOf() compares what a candle earned where the score is an amount", () => {
  const { summary } = sampleReport();
  const foldOf = (
    fold: number,
    [trainScore, testScore]: [number | null, number | null],
  ): FoldRow => ({
    fold,
    trainFromSeq: 0,
    testFromSeq: 3_000,
    testToSeq: 4_000,
    chosen: {},
    trainScore,
    testScore,
    trainSummary: { ...summary, candles: 3_000 },
    testSummary: { ...summary, candles: 1_000 },
  });
  const rows = [foldOf(1, [300, 50]), foldOf(2, [300, 150])];
  // 0.1 a candle in both: all of the training is kept, not a third of it.
  assertNear(efficiencyOf(rows, "netPnl"), 1, 1e-12);
  assertNear(efficiencyOf(rows, "profitFactor"), 1 / 3, 1e-12);
  const more = [...rows, foldOf(3, [900, null]), foldOf(4, [null, 9])];
  assertNear(efficiencyOf(more, "netPnl"), 1, 1e-12);
  assert.equal(efficiencyOf([foldOf(1, [-5, 5])], "netPnl"), null);
});
