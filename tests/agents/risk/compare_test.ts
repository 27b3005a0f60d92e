import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isAbove,
  isAboveTimes,
  isBelow,
  isPositive,
  isSumAbove,
  orderOfProduct,
  orderOfSum,
  orderOfTexts,
} from "../../../agents/risk/compare.ts";
import { isOnStep, isTextOnStep } from "../../../agents/risk/market_rules.ts";
import {
  decimal,
  divide,
  toDecimalText,
  ZERO,
} from "../../../lib/core/decimal.ts";

/** Decimals of any size, often equal or a last digit apart. */
const value = fc.tuple(
  fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
  fc.integer({ min: 0, max: 20 }),
).map(([digits, places]) =>
  decimal(String(digits)).times(
    divide(decimal(1), decimal(`1${"0".repeat(places)}`)),
  )
);
const near = fc.tuple(value, fc.integer({ min: -2, max: 2 })).map((
  [base, steps],
) =>
  [base, base.plus(decimal("0.00000000000000000001").times(steps))] as const
);
const pair = fc.oneof(near, fc.tuple(value, value));

Deno.test("comparisons in floating point first agree with the exact ones", () => {
  fc.assert(
    fc.property(
      pair,
      value,
      fc.integer({ min: 1, max: 100 }),
      ([a, b], c, factor) => {
        const limit = toDecimalText(b);
        assert.equal(isAbove(a, limit), a.gt(b));
        assert.equal(isBelow(a, limit), a.lt(b));
        const sum = a.plus(c);
        assert.equal(isSumAbove({ a, b: c, limit }), sum.gt(b));
        const around = toDecimalText(sum);
        assert.equal(isSumAbove({ a, b: c, limit: around }), false);
        const times = { value: b.times(factor), unit: a, factor };
        assert.equal(isAboveTimes(times), b.gt(a));
        assert.equal(isPositive(a), a.gt(ZERO));
        const [x, y] = [toDecimalText(a), toDecimalText(c)];
        assert.equal(orderOfTexts(x, limit), a.cmp(b));
        assert.equal(orderOfSum({ a: x, b: y, limit }), sum.cmp(b));
        assert.equal(orderOfSum({ a: x, b: y, limit: around }), 0);
        const product = a.times(c);
        assert.equal(orderOfProduct({ a: x, b: y, limit }), product.cmp(b));
        const exact = toDecimalText(product);
        assert.equal(orderOfProduct({ a: x, b: y, limit: exact }), 0);
      },
    ),
    { numRuns: 2_000 },
  );
});

Deno.test("isOnStep() agrees with a division, whatever the step", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 1_000_000 }),
    fc.constantFrom("0.001", "0.01", "0.1", "1", "10", "0.005", "0.25", "3"),
    (thousandths, stepText) => {
      const number = decimal(thousandths / 1_000);
      const step = decimal(stepText);
      const expected = number.mod(step).eq(ZERO);
      assert.equal(isOnStep(number, step), expected);
      assert.equal(isTextOnStep(toDecimalText(number), stepText), expected);
    },
  ));
});
