import assert from "node:assert/strict";
import fc from "fast-check";
import {
  netReturns,
  periodsPerYearOf,
  type Prices,
  randomFigures,
  sidesOf,
  tradingFigures,
} from "../../../../lib/inference/evaluation/trading.ts";

const HOUR_MS = 3_600_000;

function pricesOf(closes: readonly number[]): Prices {
  return {
    openAt: Float64Array.from(closes, (_, row) => row * HOUR_MS),
    close: Float64Array.from(closes),
  };
}

const near = (found: number | null, expected: number) =>
  assert.ok(
    found !== null && Math.abs(found - expected) <= 1e-12,
    `${found}, not ${expected}`,
  );

/** Closes with a side for each. */
const runs = fc.array(
  fc.tuple(
    fc.double({ min: 50, max: 150, noNaN: true }),
    fc.constantFrom(-1, 0, 1),
  ),
  { minLength: 3, maxLength: 60 },
).map((rows) => ({
  prices: pricesOf(rows.map(([close]) => close)),
  sides: Int8Array.from(rows, ([, side]) => side),
}));
const costs = fc.double({ min: 0, max: 50, noNaN: true });

Deno.test("sidesOf() takes the likelier side where the chances differ enough and flat is not the likeliest", () => {
  const chances = Float64Array.of(
    ...[0.2, 0.5, 0.3],
    ...[0.5, 0.1, 0.4],
    ...[0.35, 0.3, 0.35],
    ...[0.1, 0.1, 0.8],
  );
  assert.deepEqual([...sidesOf(chances, 0)], [0, -1, 0, 1]);
  assert.deepEqual([...sidesOf(chances, 0.2)], [0, 0, 0, 1]);
});

Deno.test("tradingFigures() are those computed by hand", () => {
  // +10 %, −10 %, +1 %: long, short, flat, at 100 bp a side.
  const prices = pricesOf([100, 110, 99, 99.99]);
  const sides = Int8Array.of(1, -1, 0, 1);
  const net = netReturns(prices, { sides, costBp: 100 });
  near(net[0]!, 0.1 - 0.01);
  near(net[1]!, 0.1 - 0.02);
  near(net[2]!, -0.01);
  const figures = tradingFigures(prices, { sides, costBp: 100 });
  near(figures.netReturn, 1.09 * 1.08 * 0.99 - 1);
  near(figures.grossReturn, 1.1 * 1.1 - 1);
  near(figures.maxDrawdown, 0.01);
  near(figures.turnover, 4 / 3);
  near(figures.exposure, 2 / 3);
  near(figures.breakEvenCostBp, 0.2 / 4 * 10_000);
  const mean = (0.09 + 0.08 - 0.01) / 3;
  const squares = [0.09, 0.08, -0.01].map((each) => (each - mean) ** 2);
  const deviation = Math.sqrt((squares[0]! + squares[1]! + squares[2]!) / 2);
  const perYear = periodsPerYearOf(prices);
  near(perYear, 365.25 * 24);
  assert.ok(
    Math.abs(figures.sharpe! - mean / deviation * Math.sqrt(perYear)) <= 1e-9,
  );
});

Deno.test("tradingFigures(): staying flat earns and costs nothing", () => {
  fc.assert(fc.property(runs, costs, ({ prices }, costBp) => {
    const sides = new Int8Array(prices.close.length);
    assert.deepEqual(tradingFigures(prices, { sides, costBp }), {
      netReturn: 0,
      grossReturn: 0,
      sharpe: null,
      sharpeError: null,
      maxDrawdown: 0,
      turnover: 0,
      exposure: 0,
      breakEvenCostBp: null,
    });
  }));
});

Deno.test("tradingFigures(): holding is the price's own return less one way in and one out", () => {
  fc.assert(fc.property(runs, costs, ({ prices }, costBp) => {
    const { close } = prices;
    const sides = new Int8Array(close.length).fill(1);
    const { grossReturn, turnover } = tradingFigures(prices, { sides, costBp });
    assert.ok(
      Math.abs(grossReturn - (close.at(-1)! / close[0]! - 1)) <= 1e-9,
    );
    near(turnover, 2 / (close.length - 1));
  }));
});

Deno.test("netReturns(): costs take off what the turnover says, and no row knows a later close", () => {
  fc.assert(
    fc.property(runs, costs, fc.nat(), ({ prices, sides }, costBp, salt) => {
      const net = netReturns(prices, { sides, costBp });
      const gross = netReturns(prices, { sides, costBp: 0 });
      const { turnover } = tradingFigures(prices, { sides, costBp });
      const paid = gross.reduce((sum, each, row) => sum + each - net[row]!, 0);
      assert.ok(Math.abs(paid - turnover * net.length * costBp / 1e4) <= 1e-9);
      const cut = 1 + salt % (prices.close.length - 1);
      const changed = prices.close.map((close, row) => row > cut ? 1 : close);
      const other = netReturns({ ...prices, close: changed }, {
        sides,
        costBp,
      });
      assert.deepEqual(other.subarray(0, cut), net.subarray(0, cut));
    }),
  );
});

Deno.test("randomFigures(): shifts of a side that never changes are all as good as it is", () => {
  const closes = Array.from({ length: 50 }, (_, row) => 100 + row % 7);
  const sides = new Int8Array(50).fill(1);
  const found = randomFigures(pricesOf(closes), { sides, costBp: 1 });
  assert.equal(found.shareAsGood, 1);
  assert.equal(found.lowNetReturn, found.highNetReturn);
});

Deno.test("randomFigures(): few shifts are as good as sides that know what comes", () => {
  const closes = Array.from(
    { length: 400 },
    (_, row) => 100 + 10 * Math.sin(row ** 1.3),
  );
  const sides = Int8Array.from(
    closes,
    (close, row) => Math.sign((closes[row + 1] ?? close) - close),
  );
  const prices = pricesOf(closes);
  const found = randomFigures(prices, { sides, costBp: 1 });
  assert.ok(found.shareAsGood < 0.05, `${found.shareAsGood}`);
  assert.deepEqual(randomFigures(prices, { sides, costBp: 1 }), found);
});
