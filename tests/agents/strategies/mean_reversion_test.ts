import assert from "node:assert/strict";
import { MeanReversionStrategy } from "../../../agents/strategies/mean_reversion.ts";
import { describeReasons } from "../../../agents/strategies/reasons.ts";
import { mirror, type Ohlc } from "../fixtures/candles.ts";
import { StrategyBench } from "./strategy_bench.ts";

/** A range without a trend: closes at 99.5 and 100.5 in turn. */
const RANGE: Ohlc[] = Array.from(
  { length: 40 },
  (_, i): Ohlc =>
    i % 2 === 0 ? [99.5, 100.5, 99.5, 100.5] : [100.5, 100.5, 99.5, 99.5],
);

/** The same with a swing low at 99.3. */
const SWING = {
  swingLength: 3,
  before: RANGE.map((row, i): Ohlc =>
    i === 31 ? [100.4, 100.45, 99.3, 99.5] : row
  ),
};

/** A close nearly three standard deviations below the mean. */
const DROP: Ohlc = [99.5, 99.6, 97.9, 98];

interface Options {
  config?: object;
  side?: 1 | -1;
  row?: Ohlc;
  before?: readonly Ohlc[];
  swingLength?: number;
}

function revert(options: Options = {}) {
  const { config = {}, side = 1, row = DROP, before = RANGE } = options;
  const bench = new StrategyBench(new MeanReversionStrategy(), {
    config: { minRewardRisk: 1, ...config },
    swingLength: options.swingLength ?? 30,
  });
  bench.run(side > 0 ? before : mirror(before));
  const [last] = side > 0 ? [row] : mirror([row]);
  return { bench, setup: bench.next(last!) };
}

Deno.test("MeanReversionStrategy buys far below the mean of a market without a trend", () => {
  const { bench, setup } = revert();
  assert.ok(setup?.entry === "market" && setup.facts.kind === "mean_reversion");
  assert.equal(setup.bias, 1);
  assert.equal(setup.plan.targetPrice, null);
  assert.ok(Math.abs(setup.plan.stopPrice - (98 - 1.5 * bench.atr)) < 1e-12);
  // By hand: nine closes of 100.5, ten of 99.5, and 98.
  const mean = (9 * 100.5 + 10 * 99.5 + 98) / 20;
  const sd = Math.sqrt(
    (9 * (100.5 - mean) ** 2 + 10 * (99.5 - mean) ** 2 + (98 - mean) ** 2) / 20,
  );
  assert.ok(Math.abs(setup.facts.mean - mean) < 1e-12);
  assert.ok(Math.abs(setup.facts.z - (98 - mean) / sd) < 1e-9);
  const reward = (mean - 98) / (98 - setup.plan.stopPrice);
  assert.ok(Math.abs(setup.plan.rewardRisk! - reward) < 1e-9);
  const reasons = describeReasons(setup);
  assert.match(reasons[0]!, /2\.\d standard deviations below its mean of 20/);
  assert.match(reasons[1]!, /^No trend: ADX of \d+$/);
});

Deno.test("MeanReversionStrategy mirrors everything for a close far above the mean", () => {
  const long = revert().setup!;
  const short = revert({ side: -1 }).setup!;
  assert.equal(short.bias, -1);
  assert.ok(Math.abs(short.plan.stopPrice + long.plan.stopPrice - 200) < 1e-9);
  assert.ok(Math.abs(short.plan.rewardRisk! - long.plan.rewardRisk!) < 1e-9);
});

Deno.test("MeanReversionStrategy skips a near close, a trend, a small reward, a break of structure, too few candles", () => {
  const trend: Ohlc[] = RANGE.map(([o, h, l, c], i): Ohlc => {
    const rise = i * 0.3;
    return [o + rise, h + rise, l + rise, c + rise];
  });
  for (const side of [1, -1] as const) {
    const skips: Record<string, Options> = {
      "near": { row: [99.5, 99.6, 99, 99.1] },
      "not far enough": { config: { entryZ: 3 } },
      "trend": { before: trend, row: [111, 111.1, 103.9, 104] },
      "small reward": { config: { minRewardRisk: 1.5 } },
      "break of structure": SWING,
      "ADX not known": { before: RANGE.slice(0, 26) },
      "window not known": { config: { windowCandles: 50 } },
    };
    for (const [name, options] of Object.entries(skips)) {
      assert.equal(revert({ ...options, side }).setup, null, name);
    }
    const strong = { before: trend, row: skips.trend!.row!, side };
    const any = { ...strong, config: { maxAdx: 100, minRewardRisk: 0.5 } };
    assert.notEqual(revert(any).setup, null, "the same with any ADX");
  }
});

Deno.test("MeanReversionStrategy closes at the exit distance, at a break against it and after the longest hold", () => {
  for (const bias of [1, -1] as const) {
    const { bench } = revert({ side: bias, config: { maxHoldCandles: 4 } });
    const held = { bias, entrySeq: 41 };
    const step = (row: Ohlc) => bench.next(bias > 0 ? row : mirror([row])[0]!);
    step([98, 99, 97.9, 98.9]);
    assert.equal(bench.manage(held), null);
    step([98.9, 100.5, 98.8, 100.4]);
    assert.match(
      bench.manage(held)!.reason,
      /standard deviations beyond its mean, the exit is at 0/,
    );
    step([100.4, 100.4, 98.5, 98.6]);
    assert.equal(bench.manage(held), null);
    step([98.6, 99, 98.5, 98.7]);
    assert.equal(bench.manage(held)!.reason, "Held for 4 candles");
    const broken = revert({ ...SWING, side: bias });
    assert.equal(broken.bench.detectors.structure.breakBias, -bias);
    assert.match(broken.bench.manage(held)!.reason, /Structure broke against/);
  }
});

Deno.test("MeanReversionStrategy goes beyond the mean where its exit is there", () => {
  const { bench } = revert({ config: { exitZ: 1 } });
  bench.next([98, 100.2, 98, 100.1]);
  assert.equal(bench.manage({ bias: 1, entrySeq: 41 }), null);
  bench.next([100.1, 101.5, 100, 101.4]);
  assert.match(bench.manage({ bias: 1, entrySeq: 41 })!.reason, /exit is at 1/);
});
