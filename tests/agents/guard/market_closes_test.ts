import assert from "node:assert/strict";
import * as fc from "fast-check";
import { LAG_CANDLES_MAX } from "../../../agents/guard/limits.ts";
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

Deno.test("MarketCloses has the newest returns of each clock, however far one runs ahead of another", () => {
  const slow = walk(6, 200);
  const fast = walk(7, 200);
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          market: fc.constantFrom("slow", "fast"),
          count: fc.integer({ min: 1, max: 30 }),
        }),
        { minLength: 1, maxLength: 20 },
      ),
      (batches) => {
        let closes = new MarketCloses({ candleMs: MINUTE, rows: ROWS });
        const told = { slow: 0, fast: 0 };
        const prices = { slow, fast };
        for (const { market, count } of batches) {
          const from = told[market];
          const part = prices[market].slice(from, from + count);
          if (part.length === 0) continue;
          told[market] += part.length;
          closes.take(market, {
            closes: pack(part, {
              from: from + (market === "fast" ? 50_000 : 0),
            }),
            candleMs: MINUTE,
            clock: market,
          });
          closes.history();
        }
        // What is a few candles late in a row of both is there after a restart.
        const kept = structuredClone(closes.snapshot());
        closes = new MarketCloses({ candleMs: MINUTE, rows: ROWS });
        closes.restore(kept);
        for (const market of ["slow", "fast"] as const) {
          const until = told[market];
          assert.deepEqual(known(closes, market), [
            ...returnsOfPrices(
              prices[market].slice(Math.max(0, until - ROWS - 1), until),
            ),
          ]);
        }
      },
    ),
    { seed: 20_284, numRuns: 100 },
  );
});

Deno.test("MarketCloses keeps the returns of a clock at most a few candles behind while another stands still", () => {
  const closes = new MarketCloses({ candleMs: MINUTE, rows: ROWS });
  const prices = walk(8, 120);
  const take = (market: string, from: number, count: number) =>
    closes.take(market, {
      closes: pack(prices.slice(from, from + count), { from }),
      candleMs: MINUTE,
      clock: market,
    });
  take("stands", 0, 60);
  take("goes", 0, 60);
  closes.history();
  for (let from = 60; from < 120; from++) {
    take("goes", from, 1);
    const newest = known(closes, "goes").at(-1);
    const last = [...returnsOfPrices(prices.slice(0, from + 1))];
    assert(last.slice(-1 - LAG_CANDLES_MAX).includes(newest!), `at ${from}`);
  }
  assert.deepEqual(known(closes, "stands"), [
    ...returnsOfPrices(prices.slice(60 - ROWS - 1, 60)),
  ]);
});
