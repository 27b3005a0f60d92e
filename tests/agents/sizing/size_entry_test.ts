import assert from "node:assert/strict";
import fc from "fast-check";
import type { DeskEvent } from "../../../lib/contracts/order.ts";
import {
  type SizingConfig,
  sizingConfigSchema,
} from "../../../lib/contracts/strategies.ts";
import { PRESET_COSTS, PRESET_RATES } from "../../../agents/execution/costs.ts";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { CandleSeries } from "../../../agents/market/candle_series.ts";
import { costPct, PAPER_COSTS, ratesOf } from "../../../agents/sizing/costs.ts";
import { kellyFraction } from "../../../agents/sizing/kelly.ts";
import {
  sizeEntry,
  type SizeVerdict,
} from "../../../agents/sizing/size_entry.ts";
import {
  RESULTS_LIMIT,
  TradeResults,
} from "../../../agents/sizing/trade_results.ts";
import { candlesOf, type Ohlc, randomWalk } from "../fixtures/candles.ts";

const TRADE = { entry: "market", entryPrice: 100, stopPrice: 99 } as const;

function resultsOf(values: readonly number[]): TradeResults {
  const results = new TradeResults();
  for (const value of values) {
    results.apply({
      type: "PositionClosed",
      seq: 0,
      trade: { resultR: String(value) },
    } as DeskEvent);
  }
  return results;
}

/** A market at 100 whose candles have the range `calm`, and 14 newest ones the range `lively`. */
function marketOf(calm: number, lively: number, count = 120): CandleSeries {
  const rows = Array.from({ length: count }, (_, index): Ohlc => {
    const half = (index < count - 14 ? calm : lively) / 2;
    return [100, 100 + half, 100 - half, 100];
  });
  const series = new CandleSeries();
  const batch = packCandles(candlesOf(rows));
  for (let index = 0; index < count; index++) series.append(batch, index);
  return series;
}

function size(
  config: Partial<SizingConfig>,
  options: {
    results?: readonly number[];
    series?: CandleSeries;
    trade?: typeof TRADE | {
      entry: "limit";
      entryPrice: number;
      stopPrice: number;
    };
  } = {},
): SizeVerdict {
  return sizeEntry(options.trade ?? TRADE, {
    config: sizingConfigSchema.parse(config),
    riskPct: 0.5,
    results: resultsOf(options.results ?? []),
    series: options.series ?? marketOf(1, 1),
  });
}

function sized(verdict: SizeVerdict): { riskPct: number; note: string | null } {
  assert.ok("riskPct" in verdict, JSON.stringify(verdict));
  return verdict;
}

Deno.test("sizeEntry() takes the configured risk and says nothing by default", () => {
  assert.deepEqual(size({}), { riskPct: 0.5, note: null });
});

Deno.test("sizeEntry() by volatility takes less in a lively market, never less than the least part, never more than all", () => {
  const config = { method: "volatility", referenceCandles: 100 } as const;
  assert.equal(sized(size(config)).riskPct, 0.5);
  const lively = sized(size(config, { series: marketOf(1, 3) }));
  assert.ok(lively.riskPct < 0.4 && lively.riskPct > 0.2);
  assert.match(
    lively.note!,
    /volatility is 2\.\d+ % a candle, the full risk is for 1\.\d+ %/,
  );
  assert.equal(sized(size(config, { series: marketOf(3, 1) })).riskPct, 0.5);
  const floor = { ...config, minFactor: 0.8 };
  assert.equal(sized(size(floor, { series: marketOf(1, 9) })).riskPct, 0.4);
});

Deno.test("sizeEntry() by volatility goes by a given target without a history", () => {
  const config = {
    method: "volatility",
    targetVolatilityPct: 0.5,
    minFactor: 0,
  } as const;
  const verdict = sized(size(config, { series: marketOf(1, 1, 20) }));
  assert.ok(Math.abs(verdict.riskPct - 0.25) < 1e-12);
});

Deno.test("sizeEntry() by volatility takes the whole risk and says so while the mean is not known", () => {
  const verdict = sized(size({ method: "volatility" }));
  assert.equal(verdict.riskPct, 0.5);
  assert.match(verdict.note!, /of 500 candles is not known yet/);
});

Deno.test("sizeEntry() by results needs 20 trades, takes a quarter of Kelly, never more than the risk", () => {
  const early = sized(
    size({ method: "kelly" }, { results: Array(19).fill(2) }),
  );
  assert.equal(early.riskPct, 0.5);
  assert.match(early.note!, /19 trades are closed, 20 are needed/);
  // p = 0.5 and b = 1.02: f = 0.5 − 0.5 / 1.02 = 0.0098, a quarter is 0.245 %.
  const even = Array.from({ length: 20 }, (_, i) => i % 2 === 0 ? 1.02 : -1);
  const small = sized(size({ method: "kelly" }, { results: even }));
  assert.ok(Math.abs(small.riskPct - 25 * (0.5 - 0.5 / 1.02)) < 1e-12);
  const good = Array.from({ length: 20 }, (_, i) => i % 2 === 0 ? 2 : -1);
  assert.equal(
    sized(size({ method: "kelly" }, { results: good })).riskPct,
    0.5,
  );
});

Deno.test("sizeEntry() by results without an edge takes the least part, or skips where that is nothing", () => {
  const bad = Array.from({ length: 20 }, (_, i) => i % 2 === 0 ? 1 : -1.1);
  const least = sized(size({ method: "kelly" }, { results: bad }));
  assert.equal(least.riskPct, 0.125);
  const none = size({ method: "kelly", minFactor: 0 }, { results: bad });
  assert.match(
    (none as { skippedBecause: string }).skippedBecause,
    /Kelly fraction of the last 20 trades is -0\.05/,
  );
});

Deno.test("sizeEntry() looks at the last trades only", () => {
  const results = [
    ...Array(50).fill(-1),
    ...Array.from({ length: 20 }, (_, i) => i % 2 === 0 ? 2 : -1),
  ];
  const config = { method: "kelly", kellyTrades: 20, minFactor: 0 } as const;
  assert.equal(sized(size(config, { results })).riskPct, 0.5);
});

Deno.test("sizeEntry() skips an entry whose costs would eat too much of its risk", () => {
  // 14 bp in and out of 100 against a risk of 1: 14 %.
  const verdict = size({ maxCostPct: 13 });
  assert.match(
    (verdict as { skippedBecause: string }).skippedBecause,
    /^Costs would be 14 % of the risk, at most 13 %/,
  );
  sized(size({ maxCostPct: 14 }));
  // A limit entry rests: 2 bp instead of 7 bp.
  sized(size({ maxCostPct: 13 }, { trade: { ...TRADE, entry: "limit" } }));
  const tight = { ...TRADE, stopPrice: 99.999 } as unknown as typeof TRADE;
  sized(size({}, { trade: tight }));
});

Deno.test("sizeEntry() is never above the risk per trade, whatever the method and the past", () => {
  const candles = randomWalk({ seed: 11, count: 600 });
  const series = new CandleSeries();
  const batch = packCandles(candles);
  for (let index = 0; index < batch.count; index++) series.append(batch, index);
  const result = fc.double({ min: -5, max: 20, noNaN: true });
  fc.assert(fc.property(
    fc.record({
      method: fc.constantFrom("fixed_fractional", "volatility", "kelly"),
      targetVolatilityPct: fc.integer({ min: 0, max: 5000 }).map((step) =>
        step / 100
      ),
      referenceCandles: fc.integer({ min: 50, max: 1000 }),
      kellyTrades: fc.integer({ min: 20, max: 200 }),
      kellySharePct: fc.integer({ min: 1, max: 25 }),
      minFactor: fc.double({ min: 0, max: 1, noNaN: true }),
      maxCostPct: fc.constant(100),
    }),
    fc.double({ min: 0.05, max: 5, noNaN: true }),
    fc.array(result, { maxLength: 60 }),
    (config, riskPct, values) => {
      const verdict = sizeEntry(TRADE, {
        config: sizingConfigSchema.parse(config),
        riskPct,
        results: resultsOf(values),
        series,
      });
      if ("skippedBecause" in verdict) return;
      assert.ok(verdict.riskPct > 0 && verdict.riskPct <= riskPct);
    },
  ));
});

Deno.test("kellyFraction() is p − q / b, all in without a loss, nothing without a win", () => {
  assert.equal(kellyFraction([2, -1]), 0.5 - 0.5 / 2);
  assert.equal(kellyFraction([1, -1]), 0);
  assert.equal(kellyFraction([1, 1, 3]), 1);
  assert.equal(kellyFraction([1, 0]), 0.5);
  assert.equal(kellyFraction([-1, -2]), -1);
});

Deno.test("TradeResults remembers its limit and goes on from a snapshot", () => {
  const results = resultsOf(
    Array.from({ length: RESULTS_LIMIT + 5 }, (_, i) => i),
  );
  assert.equal(results.count, RESULTS_LIMIT);
  assert.deepEqual(results.last(2), [RESULTS_LIMIT + 3, RESULTS_LIMIT + 4]);
  const again = new TradeResults();
  again.restore(structuredClone(results.snapshot()));
  assert.deepEqual(again.snapshot(), results.snapshot());
});

Deno.test("PAPER_COSTS are the costs that the paper market charges", () => {
  assert.equal(PAPER_COSTS.takerFee, Number(PRESET_RATES.takerRate));
  assert.equal(PAPER_COSTS.makerFee, Number(PRESET_RATES.makerRate));
  assert.equal(PAPER_COSTS.slippage, Number(PRESET_RATES.slippageRate));
  assert.deepEqual(ratesOf(PRESET_COSTS), PAPER_COSTS);
  assert.ok(Math.abs(costPct(TRADE) - 100 * (0.07 + 0.0693)) < 1e-9);
});
