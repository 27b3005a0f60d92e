import assert from "node:assert/strict";
import fc from "fast-check";
import { applyFill, openLedger } from "../../../agents/portfolio/ledger.ts";
import {
  DAY_MS,
  equityAt,
  Valuation,
} from "../../../agents/portfolio/valuation.ts";
import type { Fill } from "../../../lib/contracts/order.ts";
import { maxDecimal, toDecimalText } from "../../../lib/core/decimal.ts";

const SEED = 20_260_802;

function fill(id: string, side: Fill["side"], price: string): Fill {
  return {
    fillId: id,
    orderId: id,
    intentId: "1.0",
    role: "entry",
    side,
    price,
    quantity: "2",
    fee: "1",
    liquidity: "taker",
    seq: 1,
    at: 0,
  };
}

const FLAT = openLedger("1000");
const LONG = applyFill(FLAT, fill("a", "buy", "100")).ledger;
const SHORT = applyFill(FLAT, fill("a", "sell", "100")).ledger;

function open(ledger: typeof LONG): Valuation {
  const valuation = new Valuation(FLAT);
  valuation.openDay(0);
  valuation.rebase(ledger);
  return valuation;
}

function textOf(value: { toFixed(): string } | null): string | null {
  return value === null ? null : value.toFixed();
}

Deno.test("Valuation keeps cash as equity without a position, whatever the close", () => {
  const valuation = new Valuation(FLAT);
  valuation.mark(123.45);
  assert.equal(textOf(valuation.equity()), "1000");
});

Deno.test("Valuation does not know the equity of a position before its first close", () => {
  assert.equal(open(LONG).equity(), null);
});

Deno.test("Valuation adds the unrealised result of a long and of a short", () => {
  const long = open(LONG);
  long.mark(110);
  assert.equal(textOf(long.equity()), "1019");
  const short = open(SHORT);
  short.mark(110);
  assert.equal(textOf(short.equity()), "979");
});

Deno.test("Valuation takes its peak at the best close, with the starting capital in it", () => {
  const valuation = open(LONG);
  for (const close of [99, 120, 90]) valuation.mark(close);
  assert.equal(textOf(valuation.peakEquity()), "1039");
  const short = open(SHORT);
  for (const close of [101, 95, 130]) short.mark(close);
  assert.equal(textOf(short.peakEquity()), "1009");
});

Deno.test("Valuation remembers the largest drawdown", () => {
  const valuation = open(LONG);
  for (const close of [120, 90, 130]) valuation.mark(close);
  const lost = (1039 - 979) / 1039 * 100;
  assert.ok(Math.abs(valuation.maxDrawdownPct - lost) < 1e-9);
});

Deno.test("Valuation starts a UTC day with the equity of the last close before it", () => {
  const valuation = open(LONG);
  valuation.mark(110);
  assert.equal(valuation.openDay(DAY_MS - 1), false);
  assert.equal(valuation.openDay(DAY_MS), true);
  valuation.mark(105);
  assert.equal(textOf(valuation.dayStart), "1019");
  assert.equal(valuation.day, 1);
});

Deno.test("Valuation.resetPeak() makes the present equity the peak", () => {
  const valuation = open(LONG);
  for (const close of [120, 90]) valuation.mark(close);
  valuation.resetPeak();
  assert.equal(textOf(valuation.peakEquity()), "979");
});

Deno.test("Valuation.isNearLimit() is true at a limit and false well before it", () => {
  const limits = { dailyLossLimit: 10, maxDrawdownPct: 50 };
  const valuation = open(LONG);
  valuation.mark(99);
  assert.equal(valuation.isNearLimit(limits), false);
  valuation.mark(95.5);
  assert.equal(valuation.isNearLimit(limits), true);
  assert.equal(
    valuation.isNearLimit({ dailyLossLimit: 1000, maxDrawdownPct: 1 }),
    true,
  );
});

Deno.test("Valuation restored from its mark goes on exactly alike", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 2 }),
      fc.nat(20),
      fc.boolean(),
      (cents, at, isLong) => {
        const ledger = isLong ? LONG : SHORT;
        const whole = open(ledger);
        let restored = open(ledger);
        cents.forEach((cent, index) => {
          whole.mark(cent / 100);
          restored.mark(cent / 100);
          if (index === at) {
            const mark = JSON.parse(JSON.stringify(restored.toMark()));
            restored = Valuation.restore(ledger, mark);
          }
        });
        assert.deepEqual(restored.toMark(), whole.toMark());
        assert.equal(restored.maxDrawdownPct, whole.maxDrawdownPct);
      },
    ),
    { seed: SEED },
  );
});

Deno.test("Valuation's peak equals the highest equity of all closes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 400_000 })),
      fc.boolean(),
      (cents, isLong) => {
        const ledger = isLong ? LONG : SHORT;
        const valuation = open(ledger);
        let peak = FLAT.cash;
        for (const cent of cents) {
          valuation.mark(cent / 100);
          peak = maxDecimal(peak, equityAt(ledger, cent / 100)!);
        }
        assert.equal(
          toDecimalText(valuation.peakEquity()),
          toDecimalText(peak),
        );
      },
    ),
    { seed: SEED },
  );
});
