import assert from "node:assert/strict";
import { runBacktest } from "../../../lib/backtest/engine.ts";
import {
  cutRange,
  hashCandles,
  simulatedCandles,
} from "../../../lib/backtest/candle_source.ts";
import { EquityCurve } from "../../../lib/backtest/equity_curve.ts";
import { canonicalJson } from "../../../lib/backtest/run_report.ts";
import { runRequest } from "../../../lib/backtest/run_request.ts";
import {
  type BacktestProgress,
  type BacktestRequestInput,
  backtestRequestSchema,
} from "../../../lib/contracts/backtest.ts";
import { realWorkers } from "./runners.ts";
import { behavior, fixture, prefixOf, testConfig } from "./setup.ts";

const config = { ...testConfig(), name: "Test" };
const FILE = { kind: "file", file: "x.csv" } as const;

async function run(
  change: Partial<BacktestRequestInput>,
  options: { workers?: number; signal?: AbortSignal } = {},
) {
  const progress: BacktestProgress[] = [];
  const { workers = 0, signal } = options;
  const report = await runRequest(
    backtestRequestSchema.parse({
      config,
      data: FILE,
      randomEntryRuns: 2,
      monteCarloRuns: 50,
      ...change,
    }),
    {
      loadCandles: () => fixture(),
      workers: workers === 0 ? null : realWorkers(workers),
      onProgress: (one) => void progress.push(one),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  return { report, progress };
}

/** A report without what only a clock tells. */
function timeless(report: object): string {
  return canonicalJson(report).replaceAll(
    /"(seconds|candlesPerSecond)":[\d.e+-]+/g,
    '"$1":0',
  );
}

Deno.test("runRequest() reports the run of the engine with its checks and comparisons", async () => {
  const { report, progress } = await run({});
  const candles = await fixture();
  const plain = await runBacktest({ candles, config, behavior });
  assert.equal(report.summary.tradesHash, plain.tradesHash);
  assert.equal(report.trades.length, plain.trades);
  assert.equal(report.metrics.feesPaid, plain.feesPaid);
  assert.equal(report.lookAhead!.agrees, true);
  assert.equal(report.baselines.randomEntry!.runs, 2);
  assert(report.baselines.buyAndHold !== null);
  assert.equal(report.monteCarlo!.runs, 50);
  assert.equal(report.data.candlesHash, hashCandles(candles));
  const sum = report.patterns.reduce((all, { trades }) => all + trades, 0);
  assert.equal(sum, plain.trades);
  assert.deepEqual(progress.at(-1)!.share, 1);
  for (const { share } of progress) assert(share >= 0 && share <= 1);
});

Deno.test("runRequest() gives the same report with workers and without, whatever their number", async () => {
  const study: BacktestRequestInput["study"] = {
    kind: "sweep",
    grid: { "strategies.fvg.minGapAtr": [0.3, 0.6] },
    objective: "netPnl",
  };
  const [inline, one, two] = await Promise.all(
    [0, 1, 2].map((workers) => run({ study }, { workers })),
  );
  assert.equal(timeless(one!.report), timeless(inline!.report));
  assert.equal(timeless(two!.report), timeless(inline!.report));
  assert.equal(inline!.report.study.kind, "sweep");
});

Deno.test("runRequest() tells runs apart by their hash: costs count, the name does not", async () => {
  const only = { lookAheadCheck: false, randomEntryRuns: 0 };
  const hashOf = async (change: object) =>
    (await run({ ...only, config: { ...config, ...change } })).report.runHash;
  const plain = await hashOf({});
  assert.equal(await hashOf({ name: "Another" }), plain);
  assert.notEqual(
    await hashOf({ costs: { ...config.costs, latencyMs: 1 } }),
    plain,
  );
});

Deno.test("runRequest() runs a walk-forward study and compares with the candles of its tests", async () => {
  const { report } = await run({
    study: {
      kind: "walk_forward",
      grid: { "strategies.fvg.minGapAtr": [0.3, 0.6] },
      folds: 3,
    },
  });
  assert(report.study.kind === "walk_forward");
  assert.equal(report.study.folds.length, 3);
  const tested = report.study.folds.reduce(
    (sum, { testFromSeq, testToSeq }) => sum + testToSeq - testFromSeq,
    0,
  );
  assert.equal(report.summary.candles, tested);
  assert(report.metrics.exposurePct > 0 && report.metrics.exposurePct < 100);
  const days = new Set(
    report.months.map(({ year, month }) => `${year} ${month}`),
  );
  assert.equal(days.size, report.months.length);
});

Deno.test("runRequest() refuses a wrong grid with a pointer, and ends with the reason of its signal", async () => {
  await assert.rejects(
    run({ study: { kind: "sweep", grid: { "risk.levrage": [1] } } }),
    (error: { errors: { pointer: string }[] }) =>
      error.errors[0]!.pointer === "/study/grid/risk.levrage",
  );
  const signal = AbortSignal.abort(new Error("Not wanted any more"));
  await assert.rejects(run({}, { signal }), /Not wanted any more/);
  await assert.rejects(run({}, { signal, workers: 1 }), /Not wanted any more/);
});

Deno.test("cutRange() is the file with only these candles", async () => {
  const candles = await fixture();
  const cut = cutRange(candles, { from: null, to: candles.openAt(999) });
  assert.equal(cut.length, 1_000);
  const [a, b] = await Promise.all([
    runBacktest({ candles: cut, config, behavior }),
    runBacktest({ candles: prefixOf(candles, 1_000), config, behavior }),
  ]);
  assert.equal(a.tradesHash, b.tradesHash);
  const from = candles.openAt(500) - 1;
  assert.equal(cutRange(candles, { from, to: null }).openAt(0), from + 1);
  assert.throws(
    () => cutRange(candles, { from: 0, to: 1 }),
    /No candle opens within the range; the candles go from 2025/,
  );
});

Deno.test("simulatedCandles() are those of the market that an agent is shown, seeded", () => {
  const make = (seed: number) =>
    hashCandles(
      simulatedCandles({
        symbol: "BTC/USDT",
        timeframe: "1h",
        seed,
        candles: 500,
      }),
    );
  assert.equal(make(1), make(1));
  assert.notEqual(make(1), make(2));
});

Deno.test("EquityCurve keeps the ends and the extremes of each stretch within its bound", () => {
  const curve = new EquityCurve({ candles: 100_000, initialCapital: 100 });
  let lowest = Infinity;
  let highest = -Infinity;
  for (let at = 0; at < 100_000; at++) {
    const equity = 100 + 20 * Math.sin(at / 700) + (at === 54_321 ? -70 : 0);
    lowest = Math.min(lowest, equity);
    highest = Math.max(highest, equity);
    curve.add(at, equity);
  }
  const points = curve.points();
  assert(points.length <= 2_000, `${points.length} points`);
  assert.deepEqual([points[0]!.at, points.at(-1)!.at], [0, 99_999]);
  const equities = points.map(({ equity }) => Number(equity));
  assert(Math.abs(Math.min(...equities) - lowest) < 1e-8);
  assert(Math.abs(Math.max(...equities) - highest) < 1e-8);
  const times = points.map(({ at }) => at);
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
  const deepest = Math.min(...points.map(({ drawdownPct }) => drawdownPct));
  assert(Math.abs(deepest + curve.maxDrawdownPct) < 1e-5);
});
