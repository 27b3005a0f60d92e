import assert from "node:assert/strict";
import type { Behavior } from "../../../actors/behavior.ts";
import { backtestRequestSchema } from "../../../lib/contracts/backtest.ts";
import { type CandleBatch, LINKS } from "../../../lib/contracts/links.ts";
import { trailBlock } from "../../../lib/backtest/decision_trail.ts";
import {
  type AgentBehavior,
  runBacktest,
} from "../../../lib/backtest/engine.ts";
import { expandGrid } from "../../../lib/backtest/studies/grid.ts";
import {
  checkLookAhead,
  cutsOf,
} from "../../../lib/backtest/studies/look_ahead.ts";
import { runSweep } from "../../../lib/backtest/studies/sweep.ts";
import { createInlineRunner } from "../../../lib/backtest/workers/inline_runner.ts";
import { withRunner } from "./runners.ts";
import { behavior } from "./setup.ts";
import { candles, config, GRID, range, setsOf } from "./studies_support.ts";

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
