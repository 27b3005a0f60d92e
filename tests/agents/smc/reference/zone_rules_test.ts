/** Special rules of order blocks and liquidity, each by one example. */
import assert from "node:assert/strict";
import type { ReferenceColumn } from "../../../../agents/smc/reference/columns.ts";
import {
  computeReference,
  type ReferenceOptions,
} from "../../../../agents/smc/reference/mod.ts";
import { OPTIONS, type Row, rowsOf, toColumns } from "./frames.ts";

type Price = readonly [number, number, number, number];

const FLAT: Price = [10, 11, 9, 10];

/** `row: cells` of all filled rows, in the order of the columns. */
function filled(columns: readonly ReferenceColumn[]): string[] {
  return [...columns[0]!.values].flatMap((value, row) =>
    Number.isNaN(value)
      ? []
      : [`${row}: ${columns.map(({ values }) => values[row]).join(" ")}`]
  );
}

function blocks(
  rows: readonly Row[],
  options: Partial<ReferenceOptions> = {},
): string[] {
  return filled(
    computeReference("ob", toColumns(rows), { ...OPTIONS, ...options }),
  );
}

function candles(prices: readonly Price[], volume = 1): Row[] {
  return rowsOf(prices, { volume });
}

/** A swing high of 12 in row 5 and a swing low of 8 in row 6, then quiet. */
const SWINGS: readonly Price[] = [
  ...Array.from({ length: 5 }, () => FLAT),
  [10, 12, 9, 10],
  [10, 11, 8, 10],
  FLAT,
  FLAT,
];

Deno.test("ob marks the lowest candle since the swing, the latest among equals", () => {
  const low: Price = [10, 11, 7, 10];
  const found = blocks(
    candles([...SWINGS, low, low, [10, 14, 10, 13], [13, 14, 12, 13]]),
    { swingLength: 3 },
  );
  assert.deepEqual(found, ["10: 1 11 7 3 0 50"]);
});

const CROSSED: readonly Price[] = [
  ...SWINGS,
  [10, 11, 7, 10],
  FLAT,
  [10, 14, 10, 13],
];

Deno.test("ob is mitigated one row early on the bullish side, and erased on the way back", () => {
  const options = { swingLength: 3 };
  const through: Price = [13, 13, 6, 8.5];
  const created = [...CROSSED, [13, 14, 12, 13] as Price];
  assert.deepEqual(blocks(candles(created), options), ["9: 1 11 7 3 0 50"]);
  const mitigated = [...created, through];
  assert.deepEqual(blocks(candles(mitigated), options), ["9: 1 11 7 3 12 50"]);
  const back: Price = [8.5, 11.5, 8.5, 10];
  assert.deepEqual(blocks(candles([...mitigated, back]), options), []);
});

Deno.test("ob waits for bodies with closeMitigation", () => {
  const rows = candles([...CROSSED, [13, 13, 6, 9.5]]);
  const options = { swingLength: 3 };
  assert.deepEqual(blocks(rows, options), ["9: 1 11 7 3 11 50"]);
  assert.deepEqual(blocks(rows, { ...options, closeMitigation: true }), [
    "9: 1 11 7 3 0 50",
  ]);
});

Deno.test("ob swaps the edges of a bullish block right after the first row's bookend", () => {
  // Row 0 becomes a swing high, because the first real swing is a low.
  const rows = candles([
    [5, 6, 5, 5],
    [7, 9, 7, 8],
    [8, 9, 7, 8],
    [7, 8, 6.5, 7],
    [7, 8, 7, 8],
    [7, 8, 7, 8],
  ]);
  // No candle before row 0: its volume counts as 0.
  assert.deepEqual(blocks(rows), ["0: 1 5 6 2 0 0"]);
});

Deno.test("ob keeps MitigatedIndex and breaker of a row for the block of the other side", () => {
  // The wide candle in row 13 is the lowest before the rise and the highest before the fall.
  const shared: readonly Price[] = [
    ...Array.from({ length: 7 }, () => FLAT),
    [10, 12, 9, 10],
    [10, 11, 8, 10],
    ...Array.from({ length: 4 }, () => FLAT),
    [10, 20, 5, 10],
    [10, 14, 9, 13],
    [10, 11, 4, 7],
  ];
  const options = { swingLength: 4 };
  assert.deepEqual(blocks(candles([...shared, FLAT]), options), [
    "13: -1 20 5 3 14 50",
  ]);
  // It is a breaker from the start, so the next low below its bottom erases it.
  const low: Price = [10, 11, 4, 10];
  assert.deepEqual(blocks(candles([...shared, low]), options), []);
});

Deno.test("ob adds three volumes and compares the older with the newer two", () => {
  const rows = candles([...CROSSED, [13, 14, 12, 13]]);
  const options = { swingLength: 3 };
  rows[9]!.v = 3;
  rows[10]!.v = 4;
  rows[11]!.v = 5;
  const share = Math.fround(100 * Math.fround(3 / 9));
  assert.deepEqual(blocks(rows, options), [`9: 1 11 7 12 0 ${share}`]);
  for (const row of rows) row.v = 0;
  assert.deepEqual(blocks(rows, options), ["9: 1 11 7 0 0 100"]);
});

/** Highs of 12 and then lows of 8 that alternate, in candles of one price. */
function pools(prices: readonly number[], rangePercent: number): string[] {
  const rows = rowsOf(prices.map((price) => [price, price, price, price]));
  return filled(
    computeReference("liquidity", toColumns(rows), {
      ...OPTIONS,
      swingLength: 1,
      rangePercent,
    }),
  );
}

Deno.test("liquidity gathers equal highs in the row of the first until one is pierced", () => {
  // Range 10, reach 1: the highs 12, 12.5 and 11.5 make a pool that 13 sweeps.
  const prices = [10, 10, 12, 9, 12.5, 7, 11.5, 8, 13, 3, 5, 6];
  assert.deepEqual(pools(prices, 0.1), [
    "2: 1 12 6 8",
    "5: -1 7.5 7 9",
  ]);
});

Deno.test("liquidity that nothing pierced has Swept 0", () => {
  assert.deepEqual(pools([10, 10, 12, 5, 12, 8, 8], 0.01), ["2: 1 12 4 0"]);
});

Deno.test("liquidity never gathers a swing twice", () => {
  // 12.9 is near 12 and near 13.5; the first pool takes it.
  const prices = [10, 10, 12, 9, 12.9, 7, 13.5, 5, 3, 4, 4];
  assert.deepEqual(
    pools(prices, 0.1).filter((line) => line.includes(": 1 ")),
    [`2: 1 ${Math.fround(12.45)} 4 6`],
  );
});
