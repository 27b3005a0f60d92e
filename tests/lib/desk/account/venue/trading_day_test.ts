import assert from "node:assert/strict";
import { DAY_MS } from "../../../../../agents/portfolio/valuation.ts";
import { DEFAULT_SAFETY } from "../../../../../agents/risk/safety_limits.ts";
import { accountConfig, START_AT } from "../../support.ts";
import { VenueBench } from "./bench.ts";

const MIDNIGHT = START_AT + DAY_MS;

/** An account that may lose `dailyLossLimit` a day, with a long position since shortly before midnight. */
function heldOverMidnight(dailyLossLimit: string): VenueBench {
  const { risk } = accountConfig();
  const bench = new VenueBench({
    config: { risk: { ...risk, dailyLossLimit } },
  });
  bench.enter({ stopPrice: 90, targetPrice: null });
  bench.nowMs = MIDNIGHT - 1_000;
  bench.quote(100, 100);
  return bench;
}

/** The stop is filled at a price. */
function stopOut(bench: VenueBench, price: string): void {
  bench.trade(bench.working("stop"), { price });
}

Deno.test("the day begins by the desk's clock: a loss between midnight and the close of the first candle counts to it", () => {
  const bench = heldOverMidnight("90");
  bench.nowMs = MIDNIGHT + 5 * 60_000;
  // About 100 lost, before any candle of the new day is closed.
  stopOut(bench, "90");
  const { tradingState, tradingStateReason } = bench.account.view();
  assert.notEqual(tradingState, "active");
  assert.match(tradingStateReason ?? "", /daily|day/i);
});

Deno.test("the day's start is what the position is worth at the newest price, and it outlasts a crash", () => {
  const bench = heldOverMidnight("10000");
  bench.quote(95, 95);
  bench.nowMs = MIDNIGHT + 1;
  // The last candle has closed at 100.
  bench.quote(96, 96);
  const start = Number(bench.account.view().cash);
  bench.crash();
  bench.nowMs = MIDNIGHT + 60_000;
  stopOut(bench, "90");
  const { dayPnl, cash } = bench.account.view();
  const quantity = (Number(cash) - start) / -10;
  assert.ok(quantity > 1, `${quantity}`);
  // From 96 to 90; the rest was lost the day before.
  assert.ok(Math.abs(Number(dayPnl) + 6 * quantity) < 1, `${dayPnl}`);
});

Deno.test("a limit of the day that was latched is let go with the next day, without waiting for a candle", () => {
  const bench = heldOverMidnight("90");
  stopOut(bench, "90");
  assert.notEqual(bench.account.view().tradingState, "active");
  bench.nowMs = MIDNIGHT + 1;
  bench.quote(100, 100);
  assert.equal(bench.account.view().tradingState, "active");
});

Deno.test("a breaker that the last loss reaches is latched with its fill, though nothing is held any more", () => {
  const bench = new VenueBench({
    config: {
      safety: { ...DEFAULT_SAFETY, breakerConsecutiveLosses: 1 },
    },
  });
  bench.enter({ targetPrice: null });
  stopOut(bench, "95");
  const view = bench.account.view();
  assert.equal(view.position, null);
  assert.notEqual(view.tradingState, "active");
  assert.notEqual(view.breaker?.reason ?? null, null);
  const states = bench.records.filter(({ type }) => type === "STATE");
  assert.equal(states.length, 1);
});
