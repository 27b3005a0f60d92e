import assert from "node:assert/strict";
import {
  dailyReturns,
  dayOf,
  netResult,
  profitFactor,
  returnPct,
  sharpeRatio,
  sortinoRatio,
  winRatePct,
} from "../../../../lib/backtest/metrics/mod.ts";

const DAY_MS = 86_400_000;

function assertNear(actual: number | null, expected: number): void {
  assert(actual !== null && Math.abs(actual - expected) < 1e-9, String(actual));
}

Deno.test("dayOf() changes at midnight UTC", () => {
  assert.equal(dayOf(DAY_MS - 1), 0);
  assert.equal(dayOf(DAY_MS), 1);
});

Deno.test("dailyReturns() starts from the capital and counts days without candles as 0", () => {
  const returns = dailyReturns(
    [{ day: 10, equity: 110 }, { day: 13, equity: 99 }],
    100,
  )!;
  assert.equal(returns.length, 4);
  assertNear(returns[0]!, 0.1);
  assert.deepEqual(returns.slice(1, 3), [0, 0]);
  assertNear(returns[3]!, -0.1);
  assert.deepEqual(dailyReturns([], 100), []);
});

Deno.test("dailyReturns() is unknown once the equity is gone", () => {
  const days = [{ day: 1, equity: 0 }, { day: 2, equity: 5 }];
  assert.equal(dailyReturns(days, 100), null);
});

Deno.test("sharpeRatio() equals the value computed by hand", () => {
  // Mean 0.01; squared deviations 0.0001 + 0.0001 + 0 over 2 → deviation 0.01; √365 = 19.10497317454280.
  assertNear(sharpeRatio([0.02, 0, 0.01]), 19.1049731745428);
  // Mean −0.005, deviation √(2 · 0.015²) = 0.0212132034355964.
  assertNear(sharpeRatio([0.01, -0.02]), -4.503085362035432);
});

Deno.test("sharpeRatio() is unknown with fewer than two returns or without deviation", () => {
  assert.equal(sharpeRatio([]), null);
  assert.equal(sharpeRatio([0.1]), null);
  assert.equal(sharpeRatio([0.1, 0.1, 0.1]), null);
});

Deno.test("sortinoRatio() equals the value computed by hand and needs a losing day", () => {
  // Mean 0.005; downside √(0.01² / 2) = 0.00707106781186548.
  assertNear(sortinoRatio([0.02, -0.01]), 13.509256086106296);
  assert.equal(sortinoRatio([0.02, 0.01]), null);
  assert.equal(sortinoRatio([-0.02]), null);
});

Deno.test("profitFactor() and winRatePct() count a result of 0 as no win", () => {
  const results = ["10", "-4", "5.5", "0", "-1"];
  assertNear(profitFactor(results), 3.1);
  assertNear(winRatePct(results), 40);
  assert.equal(profitFactor(["1"]), null);
  assert.equal(profitFactor([]), null);
  assert.equal(winRatePct([]), null);
});

Deno.test("netResult() and returnPct() are exact, and unknown without equity", () => {
  assert.equal(netResult("1000.10", "1000"), "0.1");
  assert.equal(netResult("999.7", "1000"), "-0.3");
  assert.equal(netResult(null, "1000"), null);
  assertNear(returnPct("-0.3", "1000"), -0.03);
  assert.equal(returnPct(null, "1000"), null);
});
