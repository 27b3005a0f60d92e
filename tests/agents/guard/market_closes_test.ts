import assert from "node:assert/strict";
import * as fc from "fast-check";
import { MarketCloses } from "../../../agents/guard/market_closes.ts";
import { returnsOfPrices } from "../../../agents/risk/portfolio/portfolio_returns.ts";
import { createRng } from "../../../lib/core/rng.ts";

const MINUTE = 60_000;
const ROWS = 40;
const FIRST = 1_750_000_020_000;

/** Closes as a desk tells them: open times and closes by turns. */
function pack(
  prices: readonly number[],
  { from = 0, candleMs = MINUTE }: { from?: number; candleMs?: number } = {},
): Float64Array {
  return Float64Array.from(
    prices.flatMap((
      price,
      index,
    ) => [FIRST + (from + index) * candleMs, price]),
  );
}

function walk(seed: number, count: number): number[] {
  const rng = createRng(seed);
  let price = 100;
  return Array.from(
    { length: count },
    () => price *= 1 + (rng.next() - 0.5) / 50,
  );
}

function known(closes: MarketCloses, market: string): number[] {
  return [...closes.history().returnsOf(market)].filter(Number.isFinite);
}

Deno.test("MarketCloses has the same returns whatever the order, the batches and the repetitions in which closes come", () => {
  const a = walk(1, 90);
  const b = walk(2, 90);
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          market: fc.constantFrom("A", "B"),
          from: fc.integer({ min: 0, max: 80 }),
          count: fc.integer({ min: 1, max: 30 }),
          isLookedAt: fc.boolean(),
        }),
        { maxLength: 20 },
      ),
      (batches) => {
        const closes = new MarketCloses({ candleMs: MINUTE, rows: ROWS });
        const prices = { A: a, B: b };
        for (const { market, from, count, isLookedAt } of batches) {
          const part = prices[market].slice(from, from + count);
          closes.take(market, {
            closes: pack(part, { from }),
            candleMs: MINUTE,
          });
          if (isLookedAt) closes.history();
        }
        for (const market of ["A", "B"] as const) {
          closes.take(market, {
            closes: pack(prices[market]),
            candleMs: MINUTE,
          });
        }
        for (const market of ["A", "B"] as const) {
          assert.deepEqual(
            known(closes, market),
            [...returnsOfPrices(prices[market].slice(-ROWS - 1))],
          );
        }
      },
    ),
    { seed: 20_283, numRuns: 100 },
  );
});

Deno.test("MarketCloses goes on from a snapshot with the same returns", () => {
  const closes = new MarketCloses({ candleMs: MINUTE, rows: ROWS });
  closes.take("A", { closes: pack(walk(3, 70)), candleMs: MINUTE });
  const restored = new MarketCloses({ candleMs: MINUTE, rows: ROWS });
  restored.restore(structuredClone(closes.snapshot()));
  assert.deepEqual(known(restored, "A"), known(closes, "A"));
  const other = new MarketCloses({ candleMs: 5 * MINUTE, rows: ROWS });
  other.restore(closes.snapshot());
  assert.equal(other.spanOf("A"), 0);
});

Deno.test("MarketCloses takes shorter candles where they end with its own, and longer ones with holes", () => {
  const closes = new MarketCloses({ candleMs: 5 * MINUTE, rows: ROWS });
  const prices = walk(4, 100);
  closes.take("A", { closes: pack(prices), candleMs: MINUTE });
  const ends = prices.filter((_, index) =>
    (FIRST + (index + 1) * MINUTE) % (5 * MINUTE) === 0
  );
  assert.deepEqual(known(closes, "A"), [...returnsOfPrices(ends)]);
  closes.take("B", {
    closes: pack([100, 110], { candleMs: 15 * MINUTE }),
    candleMs: 15 * MINUTE,
  });
  assert.deepEqual(known(closes, "B"), []);
});

Deno.test("MarketCloses does not wait for a market that is far behind", () => {
  const closes = new MarketCloses({ candleMs: MINUTE, rows: ROWS });
  const prices = walk(5, 30);
  closes.take("old", { closes: pack([100, 101]), candleMs: MINUTE });
  closes.take("new", {
    closes: pack(prices, { from: 1_000_000 }),
    candleMs: MINUTE,
  });
  assert.deepEqual(known(closes, "new"), [...returnsOfPrices(prices)]);
});
