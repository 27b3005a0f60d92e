import assert from "node:assert/strict";
import fc from "fast-check";
import {
  moneyWords,
  priceWords,
  resultWords,
} from "../../agents/amount_words.ts";
import { decimal, numberToDecimalText } from "../../lib/core/decimal.ts";

Deno.test("priceWords() cuts the tail of an average and keeps every tick", () => {
  assert.equal(priceWords("51463.66039725538"), "51463.66");
  assert.equal(priceWords("0.00001234"), "0.00001234");
  assert.equal(priceWords("2908.15"), "2908.15");
  assert.equal(priceWords("123456789012.4"), "123456789012");
  assert.equal(priceWords("100"), "100");
  assert.equal(priceWords("0"), "0");
});

Deno.test("moneyWords() and resultWords() round to what is read", () => {
  assert.equal(moneyWords("-53.98281742"), "-53.9828");
  assert.equal(moneyWords("1234567.89"), "1234568");
  assert.equal(resultWords("1.0877"), "1.09R");
  assert.equal(resultWords("-1"), "-1R");
});

Deno.test("priceWords() is off by less than a part in ten millions", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-8, max: 1e12, noNaN: true }),
      (value) => {
        const price = numberToDecimalText(value);
        const off = decimal(priceWords(price)).minus(decimal(price)).abs();
        assert.ok(off.lte(decimal(price).times(decimal("0.0000001"))), price);
      },
    ),
  );
});
