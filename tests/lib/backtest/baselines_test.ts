import assert from "node:assert/strict";
import { buyAndHold } from "../../../lib/backtest/studies/buy_and_hold.ts";
import { drawEntries } from "../../../lib/backtest/studies/random_entries.ts";
import { seriesFromCandles } from "../../../lib/exchange/candle_series.ts";
import { withRunner } from "./runners.ts";
import { candles, config, range } from "./studies_support.ts";

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

Deno.test("buyAndHold() tells the Sortino ratio of the days, by hand", () => {
  const series = seriesFromCandles([100, 90, 120].map((close, day) => ({
    openAt: day * 86_400_000,
    open: 100,
    high: Math.max(100, close),
    low: Math.min(100, close),
    close,
    volume: 1,
  })));
  const costs = {
    makerFeeBp: 0,
    takerFeeBp: 0,
    slippageBp: 0,
    latencyMs: 0,
    fundingBpPer8h: 0,
  };
  const range = { fromSeq: 0, toSeq: 3 };
  const held = buyAndHold(series, { costs, range })!;
  const mean = (0 - 0.1 + 1 / 3) / 3;
  const expected = mean / Math.sqrt(0.1 ** 2 / 3) * Math.sqrt(365);
  assert(Math.abs(held.sortino! - expected) < 1e-9, `${held.sortino}`);
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
