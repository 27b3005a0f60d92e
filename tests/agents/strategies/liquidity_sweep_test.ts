import assert from "node:assert/strict";
import { LIQUIDITY_SOURCES } from "../../../lib/contracts/pattern.ts";
import { LiquiditySweepStrategy } from "../../../agents/strategies/liquidity_sweep.ts";
import { describeReasons } from "../../../agents/strategies/reasons.ts";
import { mirror, type Ohlc } from "../fixtures/candles.ts";
import { calm, StrategyBench, type SweptPool } from "./strategy_bench.ts";

/** Swings so long that the candles here make none, and so no pools of their own. */
const FAR = { swingLength: 30 };

/** Long lower wick through 99, closed back above it. */
const SWEEP: Ohlc = [100, 100.4, 98.5, 100.2];

interface Options {
  config?: object;
  side?: 1 | -1;
  row?: Ohlc;
  pool?: Partial<SweptPool>;
}

/** The setup that a sweep makes: of a low for side 1, of a high for −1. */
function sweep(
  { config = {}, side = 1, row = SWEEP, pool = {} }: Options = {},
) {
  const bench = new StrategyBench(new LiquiditySweepStrategy(), {
    config,
    ...FAR,
  });
  bench.run(calm(30));
  const rows = side > 0 ? [row] : mirror([row]);
  const event: SweptPool = {
    refSeq: 20,
    bias: side > 0 ? -1 : 1,
    price: side > 0 ? 99 : 101,
    ...pool,
  };
  const setup = bench.next(rows[0]!, { events: [event] });
  return { bench, setup };
}

Deno.test("LiquiditySweepStrategy enters at the market after a swept low, stop beyond the wick", () => {
  const { bench, setup } = sweep();
  assert.ok(setup?.entry === "market");
  assert.equal(setup.bias, 1);
  assert.equal(setup.level, 99);
  assert.equal(setup.createdSeq, 30);
  assert.equal(setup.plan.entryPrice, 100.2);
  assert.ok(Math.abs(setup.plan.stopPrice - (98.5 - 0.1 * bench.atr)) < 1e-12);
  const risk = 100.2 - setup.plan.stopPrice;
  assert.ok(Math.abs(setup.plan.targetPrice! - (100.2 + 2 * risk)) < 1e-9);
  assert.deepEqual(describeReasons(setup), [
    "Bullish sweep of 2 equal lows at 99, down to 98.5",
    "Wick of 79 % of the range, close back inside; the pool is 10 candles old",
    "Target at 2.0R: no opposite liquidity is far enough",
  ]);
});

Deno.test("LiquiditySweepStrategy mirrors everything for a swept high", () => {
  const long = sweep().setup!;
  const short = sweep({ side: -1 }).setup!;
  assert.equal(short.bias, -1);
  for (const key of ["entryPrice", "stopPrice", "targetPrice"] as const) {
    assert.ok(Math.abs(short.plan[key]! + long.plan[key]! - 200) < 1e-9, key);
  }
  assert.match(describeReasons(short)[0]!, /Bearish .* equal highs .* up to/);
});

Deno.test("LiquiditySweepStrategy skips a short wick, an old pool, a pool whose kind is off", () => {
  for (const side of [1, -1] as const) {
    assert.equal(sweep({ side, config: { minWickPct: 79 } }).setup, null);
    assert.notEqual(sweep({ side, config: { minWickPct: 78 } }).setup, null);
    const age = { refSeq: 10 };
    const young = { config: { maxPoolAgeCandles: 20 }, pool: age, side };
    assert.notEqual(sweep(young).setup, null);
    const old = { ...young, pool: { refSeq: 9 } };
    assert.equal(sweep(old).setup, null);
    assert.equal(sweep({ side, config: { minRewardRisk: 3 } }).setup, null);
  }
  const sources = {
    equal: "useEqualLevels",
    swing: "useSwing",
    previous_day: "usePreviousDay",
    previous_week: "usePreviousWeek",
    session: "useSession",
  };
  for (const source of LIQUIDITY_SOURCES) {
    const key = sources[source];
    assert.notEqual(sweep({ pool: { source } }).setup, null, source);
    const off = sweep({ pool: { source }, config: { [key]: false } });
    assert.equal(off.setup, null, source);
  }
});

Deno.test("LiquiditySweepStrategy trades the furthest of several pools and nothing where both sides were swept", () => {
  const bench = new StrategyBench(new LiquiditySweepStrategy(), {
    config: {},
    ...FAR,
  });
  bench.run(calm(30));
  const events = [99.3, 98.8, 99].map((price): SweptPool => ({
    refSeq: 20,
    bias: -1,
    price,
  }));
  const setup = bench.next(SWEEP, { events });
  assert.ok(setup?.entry === "market" && setup.level === 98.8);
  const both: SweptPool[] = [
    { refSeq: 21, bias: -1, price: 99 },
    { refSeq: 21, bias: 1, price: 101 },
  ];
  assert.equal(bench.next([100, 101.2, 98.5, 100.2], { events: both }), null);
});

Deno.test("LiquiditySweepStrategy waits for the turn of internal structure where asked to", () => {
  // Without a trend the first break is a BOS, so structure is made to point down before.
  for (const side of [1, -1] as const) {
    const bench = new StrategyBench(new LiquiditySweepStrategy(), {
      config: { entry: "internal_choch" },
      ...FAR,
    });
    const rows: Ohlc[] = [
      ...calm(20),
      [100, 102, 100, 101],
      [101, 101, 98, 98.5],
      [98.5, 99, 97, 98],
      [98, 99.5, 97.5, 99],
      [99, 100, 98.5, 99.5],
      [99.5, 100.5, 99, 100],
      [100, 100.2, 96, 96.5],
    ];
    for (const row of side > 0 ? rows : mirror(rows)) bench.next(row);
    assert.equal(bench.detectors.internal.structure.trend, -side);
    const bias = side > 0 ? -1 : 1;
    const price = side > 0 ? 96 : 104;
    const sweepRow: Ohlc = [96.5, 97.2, 95, 97];
    const event: SweptPool = { refSeq: bench.seq - 9, bias, price };
    const [first] = side > 0 ? [sweepRow] : mirror([sweepRow]);
    assert.equal(bench.next(first!, { events: [event] }), null);
    const rise: Ohlc[] = [
      [97, 98, 96.5, 97.8],
      [97.8, 99, 97.5, 98.8],
      [98.8, 103, 98.7, 102.9],
    ];
    const setups = (side > 0 ? rise : mirror(rise)).map((row) =>
      bench.next(row)
    );
    assert.deepEqual(setups.slice(0, -1), [null, null]);
    const setup = setups.at(-1)!;
    assert.equal(setup?.bias, side);
    assert.ok(setup?.facts.kind === "liquidity_sweep");
    assert.equal(setup.facts.turnedAfterCandles, 3);
    // The stop is still that of the sweep.
    const stop = side > 0 ? setup.plan.stopPrice : 200 - setup.plan.stopPrice;
    assert.ok(stop < 95 && stop > 94);
  }
});

Deno.test("LiquiditySweepStrategy forgets a waiting sweep that is traded through, closed behind or too old", () => {
  for (const side of [1, -1] as const) {
    const rows: Record<string, Ohlc[]> = {
      through: [[100, 100.2, 98.4, 99.5]],
      behind: [[100, 100.2, 98.7, 98.9]],
      old: calm(11),
    };
    for (const [name, before] of Object.entries(rows)) {
      const strategy = new LiquiditySweepStrategy();
      const again = new StrategyBench(strategy, {
        config: { entry: "internal_choch" },
        ...FAR,
      });
      again.run(calm(30));
      const [row] = side > 0 ? [SWEEP] : mirror([SWEEP]);
      const event: SweptPool = {
        refSeq: 20,
        bias: side > 0 ? -1 : 1,
        price: side > 0 ? 99 : 101,
      };
      again.next(row!, { events: [event] });
      assert.notEqual(strategy.snapshot(), null);
      again.run(side > 0 ? before : mirror(before));
      assert.equal(strategy.snapshot(), null, name);
    }
  }
});

Deno.test("LiquiditySweepStrategy closes at the second close behind the pool and after the longest hold", () => {
  const { bench } = sweep({ config: { maxHoldCandles: 5 } });
  const held = { entrySeq: 31, level: 99 };
  bench.next([100, 100, 99, 99.5]);
  assert.equal(bench.manage({ ...held, closesBehind: 1 }), null);
  assert.match(
    bench.manage({ ...held, closesBehind: 2 })!.reason,
    /second candle closed behind the pool at 99/,
  );
  bench.run(calm(3));
  assert.equal(bench.manage(held), null);
  bench.run(calm(1));
  assert.equal(bench.manage(held)!.reason, "Held for 5 candles");
});
