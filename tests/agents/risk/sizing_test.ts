import assert from "node:assert/strict";
import fc from "fast-check";
import { PRESET_RATES } from "../../../agents/execution/costs.ts";
import {
  liquidationPrice,
  MAINTENANCE_MARGIN_RATE,
  QUANTITY_STEP,
  sizeOrder,
  type SizingInput,
} from "../../../agents/risk/sizing.ts";
import { decimal, ONE, toDecimalText } from "../../../lib/core/decimal.ts";

const SEED = 20_260_803;

function input(
  change: Partial<Record<keyof SizingInput, number>>,
): SizingInput {
  const numbers = {
    equity: 10_000,
    entryPrice: 100,
    stopPrice: 98,
    riskPct: 1,
    leverage: 5,
    ...change,
  };
  return {
    equity: decimal(numbers.equity),
    freeCapital: decimal(numbers.freeCapital ?? numbers.equity),
    entryPrice: decimal(numbers.entryPrice),
    stopPrice: decimal(numbers.stopPrice),
    riskPct: numbers.riskPct,
    leverage: numbers.leverage,
  };
}

Deno.test("sizeOrder() risks the given part of equity between entry and stop, both fees included", () => {
  // 10000 × 1 % / (2 + (100 + 98) × 5 bp) = 100 / 2.099 = 47.64173…
  const sized = sizeOrder(input({}));
  assert.equal(toDecimalText(sized.quantity), "47.64173");
  assert.equal(toDecimalText(sized.notional), "4764.173");
  assert.equal(toDecimalText(sized.margin), "952.8346");
  assert.ok(sized.riskAmount.lte(100) && sized.riskAmount.gt("99.99"));
});

Deno.test("sizeOrder() sizes a short alike", () => {
  // 100 / (2 + (100 + 102) × 5 bp)
  const sized = sizeOrder(input({ stopPrice: 102 }));
  assert.equal(toDecimalText(sized.quantity), "47.59638");
});

Deno.test("sizeOrder() is capped by leverage and its fees where the stop is close", () => {
  const sized = sizeOrder(input({ stopPrice: 99.99, leverage: 2 }));
  assert.ok(sized.notional.lte(20_000));
  assert.ok(sized.margin.plus(sized.fees).lte(10_000));
  assert.ok(sized.notional.gt(19_900));
});

Deno.test("sizeOrder() is capped by the capital that other orders leave", () => {
  const sized = sizeOrder(input({ freeCapital: 100 }));
  assert.ok(sized.margin.plus(sized.fees).lte(100));
  assert.ok(sized.margin.gt(99));
});

Deno.test("sizeOrder() is zero without free capital", () => {
  assert.equal(
    toDecimalText(sizeOrder(input({ freeCapital: -5 })).quantity),
    "0",
  );
});

Deno.test("sizeOrder() never exceeds risk, leverage or capital, in whole steps", () => {
  const cents = (max: number) =>
    fc.integer({ min: 1, max }).map((n) => n / 100);
  fc.assert(
    fc.property(
      fc.record({
        equity: cents(10_000_000),
        freeCapital: cents(10_000_000),
        entryPrice: cents(10_000_000),
        stopPrice: cents(10_000_000),
        riskPct: cents(500),
        leverage: fc.integer({ min: 1, max: 100 }),
      }),
      (numbers) => {
        const sized = sizeOrder(input(numbers));
        const { equity, freeCapital, leverage, riskPct } = numbers;
        assert.ok(sized.quantity.gte(0));
        assert.ok(sized.quantity.mod(QUANTITY_STEP).eq(0));
        assert.ok(
          sized.riskAmount.lte(
            decimal(equity).times(decimal(riskPct)).div(100),
          ),
        );
        assert.ok(sized.notional.lte(decimal(equity).times(leverage)));
        assert.ok(sized.margin.plus(sized.fees).lte(decimal(freeCapital)));
      },
    ),
    { seed: SEED, numRuns: 500 },
  );
});

// Published in the tests of freqtrade for Gate: taker 0.06 %, maintenance 1 %.
for (
  const [side, published] of [["buy", 8.085709], ["sell", 11.874134]] as const
) {
  Deno.test(`liquidationPrice() of a ${side} at 10 with leverage 5 and the rates of Gate is ${published}`, () => {
    const price = liquidationPrice({
      side,
      entryPrice: decimal(10),
      leverage: 5,
    });
    // The price is the margin's over 1 ∓ (maintenance + taker): ours out, Gate's in.
    const sign = side === "buy" ? -1 : 1;
    const ours = ONE.plus(
      MAINTENANCE_MARGIN_RATE.plus(PRESET_RATES.takerRate).times(sign),
    );
    const gates = ONE.plus(decimal("0.0106").times(sign));
    assert.equal(price.times(ours).div(gates).toFixed(6), String(published));
  });
}

for (
  const [side, leverage, expected] of [
    ["buy", 5, "8.0442"],
    ["sell", 5, "11.9344"],
    ["buy", 10, "9.0498"],
    ["buy", 1, "0.0000"],
  ] as const
) {
  Deno.test(`liquidationPrice() of a ${side} at 10 with leverage ${leverage} is ${expected}`, () => {
    const price = liquidationPrice({ side, entryPrice: decimal(10), leverage });
    assert.equal(price.toFixed(4), expected);
  });
}
