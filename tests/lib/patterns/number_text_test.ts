import assert from "node:assert/strict";
import fc from "fast-check";
import { toCell } from "../../../lib/patterns/number_text.ts";

Deno.test("toCell() writes numbers as pandas does", () => {
  const cases: [number, "integer" | "float32" | "float64", string][] = [
    [NaN, "float64", ""],
    [NaN, "float32", ""],
    [1, "integer", "1"],
    [-1, "float64", "-1.0"],
    [207, "float64", "207.0"],
    [0, "float32", "0.0"],
    [-0, "float64", "-0.0"],
    [-0, "float32", "-0.0"],
    [0.97123, "float64", "0.97123"],
    [Math.fround(0.97123), "float32", "0.97123"],
    [Math.fround(0.97123), "float64", "0.9712299704551697"],
    [Math.fround(16_777_217), "float32", "16777216.0"],
    [Math.fround(1 / 3), "float32", "0.33333334"],
    [Math.fround(123_456.789), "float32", "123456.79"],
    // Eight digits are enough; of the two nearest the even one counts.
    [3_969.53125, "float32", "3969.5312"],
    [5_106.90625, "float32", "5106.9062"],
    [0.21875, "float32", "0.21875"],
    [292_282_208, "float32", "292282200.0"],
    [12_051_649_536, "float32", "12051650000.0"],
    [0.0001, "float64", "0.0001"],
    [0.00001, "float64", "1e-05"],
    [Math.fround(0.0000123), "float32", "1.23e-05"],
    [1.5e-10, "float64", "1.5e-10"],
    [1e15, "float64", "1000000000000000.0"],
    [1e16, "float64", "1e+16"],
  ];
  for (const [value, format, text] of cases) {
    assert.equal(toCell(value, format), text);
  }
});

Deno.test("toCell() loses nothing of a 64-bit and of a 32-bit number", () => {
  const finite = { noNaN: true, noDefaultInfinity: true };
  fc.assert(fc.property(fc.double(finite), (value) => {
    assert.equal(Number(toCell(value, "float64")), value);
  }));
  fc.assert(
    fc.property(fc.float(finite), (value) => {
      const text = toCell(value, "float32");
      assert.equal(Math.fround(Number(text)), value);
      const digits = text.replace(/e.*|^-|\./g, "").replace(/^0+|0+$/g, "");
      if (!Number.isInteger(value)) assert(digits.length <= 9, text);
    }),
    { numRuns: 1_000 },
  );
});
