import assert from "node:assert/strict";
import { backtestLosses } from "../../../../agents/risk/portfolio/loss_backtest.ts";
import {
  estimateLoss,
  LOSS_METHODS,
} from "../../../../agents/risk/portfolio/loss_estimate.ts";
import { prepareSample } from "../../../../agents/risk/portfolio/loss_sample.ts";
import { createRng } from "../../../../lib/core/rng.ts";

const WINDOW = 120;

function draw(count: number): number[] {
  const rng = createRng(11);
  return Array.from({ length: count }, () => (rng.next() - 0.5) / 10);
}

Deno.test("backtestLosses() counts what each estimate from the returns before it did not cover", () => {
  const returns = draw(320);
  const found = backtestLosses(returns, {
    methods: LOSS_METHODS,
    levels: [0.95, 0.99],
    window: WINDOW,
    periodsMax: 150,
  });
  assert.equal(found.length, 10);
  for (const { method, level, periods, exceeded } of found) {
    let expected = 0;
    for (let period = 170; period < 320; period++) {
      const sample = prepareSample(returns.slice(period - WINDOW, period));
      const { valueAtRisk } = estimateLoss(sample, { method, level });
      if (-returns[period]! > valueAtRisk!) expected++;
    }
    assert.deepEqual({ periods, exceeded }, {
      periods: 150,
      exceeded: expected,
    });
  }
});

Deno.test("backtestLosses() leaves out what is unknown and judges nothing with too few returns", () => {
  const returns = draw(200);
  const options = {
    methods: ["historical"],
    levels: [0.95],
    window: WINDOW,
    periodsMax: 150,
  } as const;
  const [all] = backtestLosses(returns, options);
  const withHoles = returns.flatMap((value, index) =>
    index % 10 === 0 ? [NaN, value] : [value]
  );
  assert.deepEqual(backtestLosses(withHoles, options)[0], all);
  assert.equal(backtestLosses(draw(WINDOW), options)[0]!.periods, 0);
});
