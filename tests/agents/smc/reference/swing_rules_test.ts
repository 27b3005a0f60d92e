/** Special rules of swings, gaps, structure and retracements, each by one example. */
import assert from "node:assert/strict";
import {
  computeReference,
  type ReferenceIndicator,
  type ReferenceOptions,
} from "../../../../agents/smc/reference/mod.ts";
import { flatRows, OPTIONS, type Row, rowsOf, toColumns } from "./frames.ts";

/** Filled cells as `row:value`, by column. */
function sketch(
  indicator: ReferenceIndicator,
  rows: readonly Row[],
  options: Partial<ReferenceOptions> = {},
): Record<string, string> {
  const columns = computeReference(indicator, toColumns(rows), {
    ...OPTIONS,
    ...options,
  });
  return Object.fromEntries(columns.map(({ name, values }) => [
    name,
    [...values].flatMap((value, row) =>
      Number.isNaN(value) ? [] : [`${row}:${value}`]
    ).join(" "),
  ]));
}

const swings = (prices: readonly number[], swingLength = 2) =>
  sketch("swing_highs_lows", flatRows(prices), { swingLength });

Deno.test("swing_highs_lows puts bookends of the opposite type into the first and the last row", () => {
  assert.deepEqual(swings([5, 5, 5, 4, 6, 5, 4, 3, 5, 6, 6]), {
    HighLow: "0:1 3:-1 4:1 7:-1 10:1",
    Level: "0:5 3:4 4:6 7:3 10:6",
  });
});

Deno.test("swing_highs_lows keeps the earliest candle of a plateau", () => {
  // Rows 4 to 6 are all highest of their windows.
  assert.equal(swings([1, 2, 3, 4, 9, 9, 9, 4, 3, 2]).HighLow, "0:-1 4:1 9:-1");
});

Deno.test("swing_highs_lows looks one candle less far back than ahead", () => {
  // Two rows before the top lies a higher price: outside of L − 1 = 1 candle before.
  assert.match(swings([1, 1, 9, 2, 5, 4, 4, 4]).HighLow!, /\b4:1/);
  // Two rows after it: inside of L = 2 candles after.
  assert.doesNotMatch(
    swings([1, 1, 1, 2, 5, 4, 9, 4, 4, 4]).HighLow!,
    /\b4:1/,
  );
});

Deno.test("swing_highs_lows has no candidate in the first 2L − 1 and the last L rows", () => {
  assert.equal(swings([1, 1, 9, 1, 1]).HighLow, "");
  assert.equal(swings([1, 2, 3, 4, 5, 9, 5]).HighLow, "");
  assert.equal(swings([1, 2, 3, 4, 5, 9, 5, 4]).HighLow, "0:-1 5:1 7:-1");
});

Deno.test("swing_highs_lows calls a candle that is both a high", () => {
  const flat = flatRows([5, 5, 5, 5, 5, 5]);
  assert.equal(sketch("swing_highs_lows", flat).HighLow, "0:-1 3:1 5:-1");
});

Deno.test("reference indicators answer for no, one and too few candles", () => {
  for (const count of [0, 1, 2, 3, 5]) {
    const rows = flatRows(Array.from({ length: count }, () => 5));
    for (
      const name of ["swing_highs_lows", "fvg", "bos_choch", "ob", "liquidity"]
    ) {
      const cells = sketch(name as ReferenceIndicator, rows);
      assert.deepEqual(new Set(Object.values(cells)), new Set([""]), name);
    }
    for (const name of ["previous_high_low", "sessions", "retracements"]) {
      const columns = computeReference(
        name as ReferenceIndicator,
        toColumns(rows),
        OPTIONS,
      );
      for (const { values } of columns) {
        assert.equal(values.length, count);
        assert([...values].every((value) => !value), name);
      }
    }
  }
});

const GAPS = rowsOf([
  [1, 2, 1, 2],
  [2, 4, 2, 4],
  [4, 6, 3, 6],
  [6, 8, 5, 8],
  [8, 9, 7, 8],
  [8, 8, 3, 8],
]);

Deno.test("fvg is mitigated by the first touch of the near edge, two rows later at the earliest", () => {
  assert.deepEqual(sketch("fvg", GAPS), {
    FVG: "1:1 2:1 3:1",
    Top: "1:3 2:5 3:7",
    Bottom: "1:2 2:4 3:6",
    // The third candle makes the top of each gap, but counts from row + 2 on: it touches.
    MitigatedIndex: "1:5 2:5 3:5",
  });
});

Deno.test("fvg joins a run into its last row, with the union of the zones", () => {
  assert.deepEqual(sketch("fvg", GAPS, { joinConsecutive: true }), {
    FVG: "3:1",
    Top: "3:7",
    Bottom: "3:2",
    MitigatedIndex: "3:5",
  });
});

Deno.test("fvg marks an untouched gap with 0 and wants a body", () => {
  const rows = rowsOf([[1, 2, 1, 2], [2, 4, 2, 4], [4, 6, 3, 6]]);
  assert.equal(sketch("fvg", rows).MitigatedIndex, "1:0");
  rows[1]!.o = 4;
  assert.equal(sketch("fvg", rows).FVG, "");
});

// Closes that climb in swings of one candle: lows 2, 4, highs 6, 8.
const CLIMB = [5, 6, 2, 3, 6, 5, 4, 5, 8, 7, 6, 6, 6];

Deno.test("bos_choch marks the swing that was exceeded, with its break", () => {
  const found = sketch("bos_choch", flatRows(CLIMB), { swingLength: 1 });
  assert.deepEqual(found, {
    BOS: "4:1",
    CHOCH: "",
    Level: "4:6",
    BrokenIndex: "4:8",
  });
});

// Wicks climb to 6, 7, 8; the only close above any of them is that of row 8.
const WICKS = rowsOf([
  [5, 5, 5, 5],
  [5, 5, 2, 5],
  [5, 6, 5, 5],
  [5, 5, 3, 5],
  [5, 7, 5, 5],
  [5, 5, 4, 5],
  [5, 8, 5, 5],
  [5, 5, 4.5, 5],
  [5, 11, 5, 10],
  [5, 5, 5, 5],
]);

Deno.test("bos_choch leaves the BrokenIndex of signals that a later one removes", () => {
  assert.deepEqual(sketch("bos_choch", WICKS, { swingLength: 1 }), {
    BOS: "6:1",
    CHOCH: "",
    Level: "6:8",
    BrokenIndex: "2:8 4:8 6:8",
  });
});

Deno.test("bos_choch counts a wick as a break where it is told to", () => {
  const options = { swingLength: 1, closeBreak: false };
  const found = sketch("bos_choch", WICKS, options);
  assert.equal(found.BOS, "2:1 4:1 6:1");
  assert.equal(found.BrokenIndex, "2:4 4:6 6:8");
});

Deno.test("bos_choch compares prices with the level rounded to 32 bits", () => {
  // As a 32-bit float 0.7 lies below 0.7, so a close at the level itself breaks it.
  const rows = flatRows([5, 6, 2, 3, 7, 5, 4, 5, 7, 8, 6, 6, 6]);
  for (const row of rows) {
    for (const key of ["o", "h", "l", "c"] as const) row[key] /= 10;
  }
  assert.equal(
    sketch("bos_choch", rows, { swingLength: 1 }).BrokenIndex,
    "1:4 4:8",
  );
});

Deno.test("retracements move one row down and are blank until after the third change", () => {
  const rows = flatRows([5, 5, 3, 6, 4, 7, 5, 8, 6, 9, 7, 8]);
  const { Direction } = sketch("retracements", rows, { swingLength: 1 });
  const values = Direction!.split(" ").map((cell) =>
    Number(cell.split(":")[1])
  );
  const first = values.findIndex((value) => value !== 0);
  // Row 0 holds the last row's direction, so the third change is from row 2 to row 3.
  assert.equal(first, 4, Direction);
});
