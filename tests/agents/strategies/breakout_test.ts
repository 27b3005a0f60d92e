import assert from "node:assert/strict";
import { BreakoutStrategy } from "../../../agents/strategies/breakout.ts";
import { describeReasons } from "../../../agents/strategies/reasons.ts";
import { mirror, type Ohlc } from "../fixtures/candles.ts";
import { calm, StrategyBench } from "./strategy_bench.ts";

const WIDE: Ohlc[] = Array.from(
  { length: 30 },
  (): Ohlc => [100, 101.5, 98.5, 100],
);

/** Body of 90 % of the range, close above the channel's high of 100.5. */
const OUT: Ohlc = [100, 102, 99.9, 101.9];

interface Options {
  config?: object;
  side?: 1 | -1;
  row?: Ohlc;
  volume?: number;
  /** Volume of the candles before. */
  usual?: number;
  before?: readonly Ohlc[];
}

function breakout(options: Options = {}) {
  const { config = {}, side = 1, row = OUT, volume = 3, usual = 1 } = options;
  const before = options.before ?? [...WIDE, ...calm(8)];
  const bench = new StrategyBench(new BreakoutStrategy(), {
    config: { channelCandles: 5, squeezeCandles: 20, ...config },
    swingLength: 3,
  });
  bench.run(side > 0 ? before : mirror(before), { volume: usual });
  const [last] = side > 0 ? [row] : mirror([row]);
  return { bench, setup: bench.next(last!, { volume }) };
}

Deno.test("BreakoutStrategy enters on a decisive close out of a narrow channel, stop behind the level", () => {
  const { bench, setup } = breakout();
  assert.ok(setup?.entry === "market");
  assert.equal(setup.bias, 1);
  assert.equal(setup.level, 100.5);
  assert.equal(setup.plan.entryPrice, 101.9);
  assert.equal(setup.plan.stopPrice, 100.5 - bench.atr);
  const risk = 101.9 - setup.plan.stopPrice;
  assert.equal(setup.plan.targetPrice, 101.9 + 2 * risk);
  assert.deepEqual(describeReasons(setup), [
    "Close above the high of 5 candles at 100.5",
    "Body of 90 % of the range",
    "The channel was narrower than usual: percentile 0 of its recent widths",
    "Volume of 2.7 times its mean",
    "Target at 2.0R: a fixed multiple",
  ]);
});

Deno.test("BreakoutStrategy mirrors everything for a close below the channel", () => {
  const long = breakout().setup!;
  const short = breakout({ side: -1 }).setup!;
  assert.equal(short.bias, -1);
  for (const key of ["entryPrice", "stopPrice", "targetPrice"] as const) {
    assert.ok(Math.abs(short.plan[key]! + long.plan[key]! - 200) < 1e-9, key);
  }
});

Deno.test("BreakoutStrategy skips a close within the channel, a small body, a small volume, a wide channel, a small reward", () => {
  for (const side of [1, -1] as const) {
    const skips: Record<string, Options> = {
      "at the level": {
        row: [100, 100.6, 99.9, 100.5],
        config: { minBodyPct: 0 },
      },
      "small body": { config: { minBodyPct: 91 } },
      "body against the break": {
        row: [102, 102.2, 101, 101.1],
        config: { minBodyPct: 0 },
      },
      "small volume": { volume: 1.5 },
      "wide channel": {
        before: [...calm(38), ...WIDE.slice(0, 5)],
        row: [100, 103.1, 99.9, 103],
      },
      "widths not known": { before: calm(20) },
      "reward too small": { config: { minRewardRisk: 2.5 } },
    };
    for (const [name, options] of Object.entries(skips)) {
      assert.equal(breakout({ ...options, side }).setup, null, name);
    }
    const wide = skips["wide channel"]!;
    const any = { ...wide, config: { maxSqueezePercentile: 100 }, side };
    assert.notEqual(breakout(any).setup, null);
  }
});

Deno.test("BreakoutStrategy leaves volumes out where they are not asked for or the market has none, and says so", () => {
  assert.notEqual(
    breakout({ volume: 0.1, config: { volumeRatio: 0 } }).setup,
    null,
  );
  const { setup } = breakout({ volume: 0, usual: 0 });
  assert.ok(
    describeReasons(setup!).includes(
      "The market has no volumes, so they were not looked at",
    ),
  );
});

Deno.test("BreakoutStrategy breaks the last swing where asked to", () => {
  // A swing high at 102 among calm candles, broken some candles after it is known.
  const before: Ohlc[] = [
    ...WIDE,
    ...calm(3),
    [100, 102, 99.5, 100],
    // Falling, so that no later swing takes its place.
    ...Array.from({ length: 8 }, (_, i): Ohlc => {
      const fall = i * 0.05;
      return [100, 100.5 - fall, 99.5 - fall, 99.9];
    }),
  ];
  for (const side of [1, -1] as const) {
    const config = { level: "swing" };
    const row: Ohlc = [100, 102.6, 99.9, 102.5];
    const { setup } = breakout({ side, config, before, row });
    assert.ok(setup?.entry === "market");
    assert.equal(setup.level, side > 0 ? 102 : 98);
    const within: Ohlc = [100, 101.9, 99.9, 101.8];
    assert.equal(breakout({ side, config, before, row: within }).setup, null);
  }
});

Deno.test("BreakoutStrategy with a trailing stop has no target and no planned reward", () => {
  const { setup } = breakout({ config: { exit: "trail", minRewardRisk: 9 } });
  assert.equal(setup?.plan.targetPrice, null);
  assert.equal(setup?.plan.rewardRisk, null);
  assert.match(describeReasons(setup!).at(-1)!, /stop follows 3 ATR behind/);
});

Deno.test("BreakoutStrategy closes a failed breakout within its candles and not later", () => {
  for (const bias of [1, -1] as const) {
    const { bench } = breakout({ side: bias });
    const held = {
      bias,
      createdSeq: 38,
      entrySeq: 39,
      level: bias > 0 ? 100.5 : 99.5,
      stopPrice: bias > 0 ? 98 : 102,
    };
    const step = (row: Ohlc) => bench.next(bias > 0 ? row : mirror([row])[0]!);
    step([101.9, 102, 100.4, 100.5]);
    assert.equal(bench.manage(held), null, "at the level");
    step([100.5, 101, 100, 100.4]);
    assert.match(bench.manage(held)!.reason, /breakout failed/);
    step(calm(1)[0]!);
    assert.match(bench.manage(held)!.reason, /breakout failed/, "third candle");
    step(calm(1)[0]!);
    assert.equal(bench.manage(held), null, "fourth candle");
  }
});

Deno.test("BreakoutStrategy moves the stop behind the best close, only in favour", () => {
  for (const bias of [1, -1] as const) {
    const { bench } = breakout({ side: bias, config: { exit: "trail" } });
    const flip = (price: number) => bias > 0 ? price : 200 - price;
    const far = { createdSeq: 0, bias, bestClose: flip(110) };
    const expected = flip(110) - bias * 3 * bench.atr;
    const moved = bench.manage({ ...far, stopPrice: flip(98) });
    // The market is at 101.9, so a stop that would lie beyond it closes instead.
    assert.equal(moved?.kind, "close");
    const near = { createdSeq: 0, bias, bestClose: flip(102) };
    const better = bench.manage({ ...near, stopPrice: flip(90) });
    assert.ok(better?.kind === "moveStop");
    assert.ok(
      Math.abs(better.stopPrice - (flip(102) - bias * 3 * bench.atr)) < 1e-12,
    );
    assert.equal(bench.manage({ ...near, stopPrice: better.stopPrice }), null);
    const beyond = better.stopPrice + bias * 0.1;
    assert.equal(bench.manage({ ...near, stopPrice: beyond }), null);
    assert.ok(bias * (expected - flip(98)) > 0);
  }
});
