import assert from "node:assert/strict";
// @ts-types="@types/big.js"
import Big from "big.js";
import fc from "fast-check";
import {
  decimal,
  divide,
  estimateOf,
  floorToStep,
  numberToDecimalText,
  toDecimalText,
} from "../../../lib/core/decimal.ts";

const decimalText = fc.tuple(
  fc.constantFrom("", "-"),
  fc.stringMatching(/^\d{1,18}$/),
  fc.stringMatching(/^\d{0,18}$/),
).map(([sign, whole, part]) =>
  `${sign}${whole}${part === "" ? "" : `.${part}`}`
);

/** What the library's own writing makes of a value. */
function written(value: Big): string {
  const text = value.toFixed();
  const plain = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return plain === "-0" ? "0" : plain;
}

Deno.test("divide() is the library's division, digit by digit", () => {
  fc.assert(
    fc.property(decimalText, decimalText, (dividend, divisor) => {
      fc.pre(!new Big(divisor).eq(0));
      const expected = new Big(dividend).div(new Big(divisor));
      const actual = divide(decimal(dividend), decimal(divisor));
      assert.equal(written(actual), written(expected));
      assert.equal(actual.cmp(expected), 0);
      // It goes on being a decimal like any other.
      assert.equal(written(actual.times(3)), written(expected.times(3)));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("divide() rounds a half to the even digit and refuses zero", () => {
  const half = (text: string) =>
    toDecimalText(divide(decimal(text), decimal("2")));
  assert.equal(half("0.00000000000000000001"), "0");
  assert.equal(half("0.00000000000000000003"), "0.00000000000000000002");
  assert.throws(() => divide(decimal("1"), decimal("0")), /Division by zero/);
});

Deno.test("decimal() and toDecimalText() read and write as the library does", () => {
  fc.assert(
    fc.property(decimalText, (text) => {
      const value = decimal(text);
      const expected = new Big(text);
      assert.equal(value.cmp(expected), 0);
      assert.equal(toDecimalText(value), written(expected));
      assert.equal(written(value.plus(1)), written(expected.plus(1)));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("numberToDecimalText() is the text of the number's decimal", () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (value) => {
        assert.equal(numberToDecimalText(value), toDecimalText(decimal(value)));
      },
    ),
  );
  assert.throws(() => numberToDecimalText(NaN), RangeError);
});

Deno.test("estimateOf() is within 1e-13 of the value", () => {
  fc.assert(
    fc.property(decimalText, (text) => {
      const expected = Number(text);
      const difference = Math.abs(estimateOf(decimal(text)) - expected);
      assert(difference <= Math.abs(expected) * 1e-13, text);
    }),
  );
});

Deno.test("floorToStep() is the largest multiple of the step towards zero, for any step", () => {
  fc.assert(
    fc.property(
      decimalText,
      fc.constantFrom("1", "0.1", "0.00001", "0.25", "5", "10"),
      (text, step) => {
        const expected = new Big(text).div(step).round(0, Big.roundDown)
          .times(step);
        const actual = floorToStep(decimal(text), decimal(step));
        assert.equal(written(actual), written(expected), `${text} by ${step}`);
      },
    ),
    { numRuns: 1_000 },
  );
});
