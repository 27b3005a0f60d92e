import assert from "node:assert/strict";
import fc from "fast-check";
import type { Behavior } from "../../../actors/behavior.ts";
import { backtestRequestSchema } from "../../../lib/contracts/backtest.ts";
import { type CandleBatch, LINKS } from "../../../lib/contracts/links.ts";
import { trailBlock } from "../../../lib/backtest/decision_trail.ts";
import {
  type AgentBehavior,
  runBacktest,
} from "../../../lib/backtest/engine.ts";
import { buyAndHold } from "../../../lib/backtest/studies/buy_and_hold.ts";
import { expandGrid } from "../../../lib/backtest/studies/grid.ts";
import {
  checkLookAhead,
  cutsOf,
} from "../../../lib/backtest/studies/look_ahead.ts";
import { drawEntries } from "../../../lib/backtest/studies/random_entries.ts";
import { runSweep } from "../../../lib/backtest/studies/sweep.ts";
import {
  cutFolds,
  runWalkForward,
} from "../../../lib/backtest/studies/walk_forward.ts";
import { createInlineRunner } from "../../../lib/backtest/workers/inline_runner.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../../lib/exchange/candle_series.ts";
import { withRunner } from "./runners.ts";
import { behavior, simulated, testConfig } from "./setup.ts";

const config = testConfig();
const candles = simulated(3, 6_000);
const range = { fromSeq: 0, toSeq: candles.length };
const GRID = {
  "strategies.fvg.minGapAtr": [0.3, 0.6],
  "strategies.orderBlock.targetR": [1.5, 2.5],
};

function setsOf(grid: Record<string, (number | string | boolean)[]>) {
  const expanded = expandGrid(config, grid);
  assert(expanded.ok, JSON.stringify(expanded));
  return expanded.sets;
}

const timeless = <Row extends { summary: object }>(rows: readonly Row[]) =>
  rows.map((row) => ({
    ...row,
    summary: { ...row.summary, seconds: 0, candlesPerSecond: 0 },
  }));

Deno.test("expandGrid() makes every combination, the last setting changing fastest", () => {
  assert.deepEqual(setsOf(GRID).map(({ values }) => Object.values(values)), [
    [0.3, 1.5],
    [0.3, 2.5],
    [0.6, 1.5],
    [0.6, 2.5],
  ]);
  assert.equal(setsOf(GRID)[1]!.config.strategies.orderBlock.targetR, 2.5);
});

Deno.test("expandGrid() says all that is wrong before anything runs", () => {
  const sentences = (grid: Record<string, (number | string)[]>) => {
    const expanded = expandGrid(config, grid);
    assert(!expanded.ok);
    return expanded.errors.map(({ detail }) => detail);
  };
  assert.deepEqual(sentences({ "strategies.nothing": [1], symbol: ["X"] }), [
    "strategies.nothing: there is no such setting",
    "symbol: cannot be varied, because the candles decide the market",
  ]);
  assert.match(
    sentences({ "risk.leverage": [5, 500] })[0]!,
    /risk\.leverage: 500 is not valid; Enter a whole number from 1 to 100/,
  );
  const many = Array.from({ length: 50 }, (_, index) => index / 50);
  assert.match(
    sentences({
      "strategies.fvg.minGapAtr": many,
      "strategies.fvg.stopBufferAtr": many,
    })[0]!,
    /The grid has 2500 sets, the limit is 2000/,
  );
  assert.match(sentences({ risk: [1] })[0]!, /risk: is a group/);
  assert.match(sentences({})[0]!, /The grid is empty/);
});

Deno.test("runSweep() equals single runs, whatever the number of workers", async () => {
  const sets = setsOf(GRID);
  const options = { sets, objective: "netPnl", range } as const;
  const [inline, one, two] = await Promise.all(
    [0, 1, 2].map((workers) =>
      withRunner({ candles, workers }, (runner) => runSweep(runner, options))
    ),
  );
  assert.deepEqual(timeless(one!), timeless(inline!));
  assert.deepEqual(timeless(two!), timeless(inline!));
  for (const row of inline!) {
    // deno-lint-ignore no-await-in-loop -- one run at a time
    const single = await runBacktest({
      candles,
      config: row.set.config,
      behavior,
    });
    assert.equal(row.summary.tradesHash, single.tradesHash);
    assert.equal(row.score, Number(single.netPnl));
  }
  const scores = inline!.map(({ score }) => score!);
  assert.deepEqual(scores, scores.toSorted((a, b) => b - a));
});

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

/** A behaviour that withdraws what it would submit where the candle after next, which it must not know, goes against it. */
const cheat: AgentBehavior = {
  ...behavior,
  start: (init) => {
    const honest = (behavior as Behavior).start(init as never);
    let batch: CandleBatch | null = null;
    return Object.assign(Object.create(honest), {
      linkOpened: (link: string, info: unknown) =>
        honest.linkOpened(link, info),
      receive(link: string, message: unknown) {
        if (link === LINKS.feed) batch = message as CandleBatch;
        const outputs = honest.receive(link, message);
        if (link !== LINKS.desk || batch === null) return outputs;
        const { seq } = message as { seq: number };
        const next = (seq + 2 - batch.fromSeq) * 6 + 4;
        const isKnown = next < batch.packed.length;
        const falls = isKnown && batch.packed[next]! < batch.packed[next - 6]!;
        return outputs.map((output) =>
          output.to === "link" && output.link === LINKS.desk && falls
            ? { ...output, message: { type: "decided", seq, actions: [] } }
            : output
        );
      },
    });
  },
};

async function lookAheadOf(agent: AgentBehavior) {
  const runner = createInlineRunner({ candles, behaviorOf: () => agent });
  const { run } = await runner.run({
    ...range,
    config,
    trailBlock: trailBlock(candles.length),
    keeps: "whole",
  });
  const check = await checkLookAhead(runner, { config, range, whole: run! });
  runner.close();
  return check;
}

Deno.test("checkLookAhead() agrees for the agent and finds one that reads ahead", async () => {
  const honest = await lookAheadOf(behavior);
  assert.deepEqual(honest, {
    cuts: cutsOf(candles.length),
    agrees: true,
    difference: null,
  });
  assert.equal(honest.cuts.length, 4);
  const planted = await lookAheadOf(cheat);
  assert.equal(planted.agrees, false);
  assert.match(
    planted.difference!,
    /^With \d+ candles, seen one by one, the agent decides otherwise between candles \d+ and \d+/,
  );
});

Deno.test("drawEntries() gives every plan a candle of its own, the same for the same seed", () => {
  const plans = Array.from({ length: 40 }, (_, index) => ({
    direction: index % 4 === 0 ? "short" as const : "long" as const,
    stopAtr: 1 + index,
    targetAtr: 2,
  }));
  const options = { seed: 5, plans, fromSeq: 100, toSeq: 900 };
  const drawn = drawEntries(options);
  assert.deepEqual(drawEntries(options), drawn);
  assert.notDeepEqual(drawEntries({ ...options, seed: 6 }), drawn);
  assert.equal(new Set(drawn.map(({ seq }) => seq)).size, 40);
  assert.deepEqual(
    drawn.map(({ stopAtr }) => stopAtr).toSorted((a, b) => a - b),
    plans.map(({ stopAtr }) => stopAtr),
  );
  for (const { seq } of drawn) assert(seq >= 115 && seq < 899);
});

Deno.test("random entries are as many as those of the strategy, of the same sides", async () => {
  await withRunner({ candles, workers: 0 }, async (runner) => {
    const { plans, summary } = await runner.run({
      ...range,
      config,
      keeps: "whole",
    });
    const job = { ...range, config, random: { seed: 1, plans } };
    const drawn = await runner.run({ ...job, keeps: "whole" });
    const again = await runner.run({ ...job, keeps: "whole" });
    assert.equal(drawn.summary.tradesHash, again.summary.tradesHash);
    assert.notEqual(drawn.summary.tradesHash, summary.tradesHash);
    const trades = drawn.run!.trades;
    // A few are still waiting at the end, or come to lie in a position that is open.
    assert(
      trades.length > 0.7 * plans.length && trades.length <= plans.length,
      `${trades.length} of ${plans.length}`,
    );
    const longs = (all: readonly { direction: string }[]) =>
      all.filter(({ direction }) => direction === "long").length;
    assert(longs(trades) <= longs(plans));
    for (const { strategy } of trades) assert.equal(strategy, "random");
  });
});

Deno.test("buyAndHold() is the change of price less fees, slippage and funding, by hand", () => {
  const HOUR_MS = 3_600_000;
  const series = seriesFromCandles([100, 110, 105, 120].map((close, index) => ({
    openAt: index * 8 * HOUR_MS + HOUR_MS,
    open: index === 0 ? 100 : close,
    high: Math.max(100, close),
    low: Math.min(100, close),
    close,
    volume: 1,
  })));
  const costs = {
    makerFeeBp: 2,
    takerFeeBp: 10,
    slippageBp: 20,
    latencyMs: 0,
    fundingBpPer8h: 5,
  };
  const held = buyAndHold(series, {
    costs,
    range: { fromSeq: 0, toSeq: 4 },
  })!;
  const units = 1 / (100 * 1.002 * 1.001);
  // Three fundings, each at the close before it.
  const funding = 0.0005 * units * (100 + 110 + 105);
  const expected = units * 120 * 0.998 * 0.999 - funding - 1;
  assert(Math.abs(held.returnPct - 100 * expected) < 1e-9);
  assert(Math.abs(held.costsPct - (20 - 100 * expected)) < 1e-9);
});

Deno.test("a request for a study keeps its presets", () => {
  const { name: _, ...rest } = config;
  const request = backtestRequestSchema.parse({
    config: { ...rest, name: "Test" },
    data: { kind: "simulated", candles: 1_000 },
  });
  assert.deepEqual(request.study, { kind: "single" });
  assert.deepEqual(request.config.costs, {
    makerFeeBp: 2,
    takerFeeBp: 5,
    slippageBp: 2,
    latencyMs: 0,
    fundingBpPer8h: 0,
  });
});
