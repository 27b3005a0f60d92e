import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  correlationMatrix,
  historyMatrix,
} from "../../../../agents/risk/portfolio/correlation.ts";
import { ExactSums } from "../../../../agents/risk/portfolio/exact_sums.ts";
import {
  COMMON_OBSERVATIONS_MIN,
  MARKETS_LIMIT,
} from "../../../../agents/risk/portfolio/limits.ts";
import {
  portfolioReturns,
  returnsOfPrices,
  weightsOf,
} from "../../../../agents/risk/portfolio/portfolio_returns.ts";
import { ReturnHistory } from "../../../../agents/risk/portfolio/return_history.ts";
import { decimal } from "../../../../lib/core/decimal.ts";
import { createRng } from "../../../../lib/core/rng.ts";
import { sampleDeviation } from "../../../../lib/core/statistics/sample.ts";
import { assertNear } from "../../../support/assert_near.ts";
import { filledHistory, randomRow, symbolOf } from "./portfolio_cases.ts";

const PROPERTY = { seed: 20_273, numRuns: 200 };
const MARKETS = 6;
const ROWS = 40;

/** Returns, unknown ones, and now and then one that dwarfs all others. */
const returnArb = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.integer({ min: -100_000, max: 100_000 }).map((value) =>
      value / 1e6
    ),
  },
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(1e6, -1) },
);

const rowsArb = fc.array(
  fc.array(returnArb, { minLength: MARKETS, maxLength: MARKETS }),
  // Without a size most of them would be shorter than a window.
  { minLength: 1, maxLength: 4 * ROWS, size: "max" },
);

function rowOf(values: readonly (number | null)[]): Map<string, number | null> {
  return new Map(values.map((value, index) => [symbolOf(index), value]));
}

function emptyHistory(): ReturnHistory {
  const history = new ReturnHistory({ markets: MARKETS, rows: ROWS });
  for (let index = 0; index < MARKETS; index++) {
    assert(history.follow(symbolOf(index)));
  }
  return history;
}

const SYMBOLS = Array.from({ length: MARKETS }, (_, index) => symbolOf(index));

/** Fails where running and batch correlations differ. */
function assertSameAsBatch(history: ReturnHistory): void {
  const series = SYMBOLS.map((symbol) => history.returnsOf(symbol));
  const batch = correlationMatrix(series);
  const running = historyMatrix(history, SYMBOLS);
  for (let a = 0; a < MARKETS; a++) {
    for (let b = 0; b < MARKETS; b++) {
      const expected = batch[a]![b]!;
      const actual = running[a]![b]!;
      assert.equal(actual === null, expected === null, `${a} ${b}`);
      if (expected !== null) assertNear(actual, expected, 1e-9);
    }
    const known = [...series[a]!].filter((value) => !Number.isNaN(value));
    const place = history.placeOf(SYMBOLS[a]!)!;
    if (known.length < COMMON_OBSERVATIONS_MIN) {
      assert.equal(history.deviation(place), null);
    } else {
      const deviation = sampleDeviation(known);
      assertNear(history.deviation(place), deviation, 1e-9 * deviation);
    }
  }
}

Deno.test("ReturnHistory keeps correlations and deviations equal to those computed afresh, to 1e-9", () => {
  fc.assert(
    fc.property(rowsArb, (rows) => {
      const history = emptyHistory();
      for (const row of rows) history.push(rowOf(row));
      assert.equal(history.count, Math.min(rows.length, ROWS));
      assertSameAsBatch(history);
    }),
    PROPERTY,
  );
});

Deno.test("ReturnHistory does not drift over many windows, nor after returns that dwarf all others", () => {
  const rng = createRng(7);
  const history = emptyHistory();
  for (let row = 0; row < 200 * ROWS; row++) {
    const values = randomRow(rng, MARKETS);
    if (row % 97 === 0) values.set(symbolOf(row % MARKETS), 1e9);
    history.push(values);
  }
  for (let row = 0; row < ROWS; row++) history.push(randomRow(rng, MARKETS));
  assertSameAsBatch(history);
});

Deno.test("ReturnHistory follows a market from a row on and forgets another", () => {
  fc.assert(
    fc.property(rowsArb, rowsArb, (before, after) => {
      const history = emptyHistory();
      for (const row of before) history.push(rowOf(row));
      history.forget(SYMBOLS[2]!);
      history.forget("unknown");
      assert.equal(history.placeOf(SYMBOLS[2]!), null);
      assert(history.follow(SYMBOLS[2]!));
      assert(history.returnsOf(SYMBOLS[2]!).every(Number.isNaN));
      for (const row of after) history.push(rowOf(row));
      assertSameAsBatch(history);
    }),
    PROPERTY,
  );
});

Deno.test("ReturnHistory refuses a market for which it has no room", () => {
  const history = emptyHistory();
  assert.equal(history.follow("ONE/MORE"), false);
  assert.equal(history.follow(SYMBOLS[0]!), true);
  assert.deepEqual(history.symbols, SYMBOLS);
  assert.throws(
    () => new ReturnHistory({ markets: MARKETS_LIMIT + 1, rows: 10 }),
    /markets/,
  );
  assert.throws(() => new ReturnHistory({ markets: 1, rows: 1 }), /rows/);
});

Deno.test("ReturnHistory goes on from a snapshot bit for bit", () => {
  fc.assert(
    fc.property(rowsArb, rowsArb, (before, after) => {
      const history = emptyHistory();
      for (const row of before) history.push(rowOf(row));
      history.forget(SYMBOLS[1]!);
      const copy = ReturnHistory.restore(structuredClone(history.snapshot()));
      assert.deepEqual(copy.snapshot(), history.snapshot());
      for (const kept of [history, copy]) {
        kept.follow("NEW");
        for (const row of after) kept.push(rowOf(row));
      }
      assert.deepEqual(copy.snapshot(), history.snapshot());
      assert.deepEqual(
        historyMatrix(copy, SYMBOLS),
        historyMatrix(history, SYMBOLS),
      );
    }),
    PROPERTY,
  );
});

Deno.test("ReturnHistory of 100 markets and 1,000 rows takes 1.2 MB, its snapshot as much", () => {
  const history = filledHistory({ markets: 100, rows: 1_000, seed: 1 });
  assert(history.bytes > 1_100_000 && history.bytes < 1_300_000);
});

Deno.test("pushCloses() makes returns, and leaves those beside an unknown close unknown", () => {
  const history = new ReturnHistory({ markets: 1, rows: 10 });
  history.follow("A");
  for (const close of [100, 110, null, 121, 0, 100, 50]) {
    history.pushCloses(new Map([["A", close]]));
  }
  assert.deepEqual(
    [...history.returnsOf("A")].map((value) => Number(value.toFixed(12))),
    [NaN, 0.1, NaN, NaN, NaN, NaN, -0.5],
  );
});

Deno.test("push() takes what is not finite, below −1 or left out as unknown", () => {
  const history = new ReturnHistory({ markets: 1, rows: 10 });
  history.follow("A");
  for (const value of [Infinity, -Infinity, NaN, -1.01, null, -1]) {
    history.push(new Map([["A", value]]));
  }
  history.push(new Map());
  assert.deepEqual(
    [...history.returnsOf("A")],
    [NaN, NaN, NaN, NaN, NaN, -1, NaN],
  );
});

Deno.test("portfolioReturns() of a history is that of its series, for any number of markets", () => {
  const history = filledHistory({ markets: MARKETS, rows: ROWS, seed: 3 });
  history.push(rowOf([0.01, null, 0.02, 0.03, -0.01, 0]));
  for (let held = 0; held <= MARKETS; held++) {
    const symbols = SYMBOLS.slice(0, held);
    const weights = symbols.map((_, index) => 0.3 - index / 7);
    const expected = portfolioReturns(
      weights,
      symbols.map((symbol) => history.returnsOf(symbol)),
    );
    const places = symbols.map((symbol) => history.placeOf(symbol)!);
    const actual = history.portfolioReturns(places, weights);
    assert.equal(actual.length, ROWS);
    for (const [row, value] of expected.entries()) {
      if (Number.isNaN(value)) assert(Number.isNaN(actual[row]!));
      else assertNear(actual[row]!, value, 1e-15);
    }
    assert.equal(Number.isNaN(actual.at(-1)!), held > 1);
  }
});

Deno.test("weightsOf() is signed, and unknown without a notional or positive equity", () => {
  const notionals = [decimal("500"), decimal("-250.5")];
  assert.deepEqual([...weightsOf(notionals, decimal("1000"))!], [0.5, -0.2505]);
  assert.equal(weightsOf([...notionals, null], decimal("1000")), null);
  assert.equal(weightsOf(notionals, decimal("0")), null);
  assert.equal(weightsOf(notionals, decimal("-1")), null);
  assert.equal(weightsOf(notionals, null), null);
  assert.deepEqual(
    [...returnsOfPrices([100, 110, null, 99, 99])],
    [0.10000000000000009, NaN, NaN, 0],
  );
});

Deno.test("ExactSums gives back the small after the large has left", () => {
  const sums = new ExactSums(1);
  for (const value of [0.1, 1e20, 0.2, -3e12]) sums.add(0, value);
  sums.add(0, -1e20);
  sums.add(0, 3e12);
  assertNear(sums.values[0]!, 0.3, 1e-12);
});
