import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatPrice,
  planTrade,
  type ZoneEntryConfig,
} from "../../../agents/strategies/setup.ts";

const CONFIG: ZoneEntryConfig = {
  entryAt: "edge",
  maxAgeCandles: 50,
  stopBufferAtr: 0.1,
  minRewardRisk: 1.5,
  targetR: 2,
};
const LONG = { bias: 1, near: 110, far: 100 } as const;
const SHORT = { bias: -1, near: 100, far: 110 } as const;

function plan(
  options: { config?: Partial<ZoneEntryConfig>; opposing?: number | null },
  zone: typeof LONG | typeof SHORT = LONG,
) {
  return planTrade(zone, {
    config: { ...CONFIG, ...options.config },
    atr: 10,
    opposing: options.opposing ?? null,
  });
}

Deno.test("planTrade() enters at the near edge, stops beyond the far edge, aims at a multiple of the risk", () => {
  assert.deepEqual(plan({}), {
    entryPrice: 110,
    stopPrice: 99,
    targetPrice: 132,
    rewardRisk: 2,
    isAtOpposing: false,
  });
  assert.deepEqual(plan({}, SHORT), {
    entryPrice: 100,
    stopPrice: 111,
    targetPrice: 78,
    rewardRisk: 2,
    isAtOpposing: false,
  });
});

Deno.test("planTrade() enters at the middle where asked to", () => {
  const middle = plan({ config: { entryAt: "middle" } });
  assert.equal(middle?.entryPrice, 105);
  assert.equal(middle?.targetPrice, 105 + 2 * 6);
});

Deno.test("planTrade() aims at opposing liquidity from the least reward to risk on", () => {
  assert.equal(plan({ opposing: 126.5 })?.targetPrice, 126.5);
  assert.equal(plan({ opposing: 126.4 })?.targetPrice, 132);
  assert.equal(plan({ opposing: 83.5 }, SHORT)?.targetPrice, 83.5);
  assert.equal(plan({ opposing: 83.6 }, SHORT)?.targetPrice, 78);
});

Deno.test("planTrade() skips a target nearer than the least reward to risk, an unknown ATR, a price of 0", () => {
  assert.equal(plan({ config: { minRewardRisk: 2.5 } }), null);
  assert.notEqual(
    plan({ config: { minRewardRisk: 2.5 }, opposing: 140 }),
    null,
  );
  assert.equal(
    planTrade(LONG, { config: CONFIG, atr: 0, opposing: null }),
    null,
  );
  assert.equal(plan({ config: { targetR: 10 } }, SHORT), null);
});

Deno.test("planTrade() always puts stop and target on their sides", () => {
  const price = fc.double({ min: 1, max: 1e5, noNaN: true });
  fc.assert(fc.property(
    fc.constantFrom(1 as const, -1 as const),
    price,
    price,
    price,
    fc.constantFrom("edge" as const, "middle" as const),
    (bias, a, b, opposing, entryAt) => {
      const near = bias > 0 ? Math.max(a, b) : Math.min(a, b);
      const far = bias > 0 ? Math.min(a, b) : Math.max(a, b);
      const found = planTrade({ bias, near, far }, {
        config: { ...CONFIG, entryAt },
        atr: 1,
        opposing,
      });
      if (found === null) return;
      assert.ok(bias * (found.entryPrice - found.stopPrice) > 0);
      assert.ok(bias * (found.targetPrice - found.entryPrice) > 0);
      assert.ok(found.rewardRisk >= CONFIG.minRewardRisk);
      assert.ok(found.stopPrice > 0 && found.targetPrice > 0);
    },
  ));
});

Deno.test("formatPrice() keeps the feed's digits and shortens computed ones", () => {
  assert.equal(formatPrice(48212.4), "48212.4");
  assert.equal(formatPrice(1.12345), "1.12345");
  assert.equal(formatPrice(12980.940225737428), "12980.94");
});
