import { type CandleColumns, emptyColumn } from "./columns.ts";
import { FirstCrossing } from "./first_crossing.ts";
import { type SwingColumns, swingRows } from "./swing_highs_lows.ts";

/** Result of {@link bosChoch}. */
export interface BosChochColumns {
  /** Break of structure: 1 bullish, −1 bearish. */
  BOS: Float64Array;
  /** Change of character: 1 bullish, −1 bearish. */
  CHOCH: Float64Array;
  /** The broken level, 32-bit. */
  Level: Float64Array;
  /** Row of the break. Stays in rows whose signal a later one removed. */
  BrokenIndex: Float64Array;
}

/** Settings of {@link bosChoch}. */
export interface BosChochOptions {
  /** A close must lie beyond the level; otherwise a wick is enough. */
  closeBreak: boolean;
}

/**
 * Breaks of structure and changes of character, from four swings in a row.
 *
 * Low a, high b, low e, high g (bearish mirrored): a < e < b < g is a BOS,
 * e < a < b < g a CHoCH, marked in the row of b with b as its level. It stands
 * once a candle from two rows later on breaks the level; until then, and if it
 * never happens, the row is empty. A signal removes every earlier one that is
 * broken at the same candle or later, but leaves its BrokenIndex.
 *
 * Looks ahead: to the second swing after the row, and to the break.
 */
export function bosChoch(
  candles: CandleColumns,
  swings: SwingColumns,
  { closeBreak }: BosChochOptions,
): BosChochColumns {
  const length = candles.close.length;
  const columns = {
    BOS: emptyColumn(length),
    CHOCH: emptyColumn(length),
    Level: emptyColumn(length),
    BrokenIndex: emptyColumn(length),
  };
  const rows = swingRows(swings);
  markPatterns(columns, { swings, rows });
  const breaks = {
    up: new FirstCrossing(closeBreak ? candles.close : candles.high, "above"),
    down: new FirstCrossing(closeBreak ? candles.close : candles.low, "below"),
  };
  keepBroken(columns, { rows, breaks });
  return columns;
}

/** Marks every four swings that make a pattern, broken or not. */
function markPatterns(
  { BOS, CHOCH, Level }: BosChochColumns,
  { swings, rows }: { swings: SwingColumns; rows: Int32Array },
): void {
  for (let last = 3; last < rows.length; last++) {
    const bias = swings.HighLow[rows[last]!]!;
    // Multiplied by the bias, the bearish inequalities are the bullish ones.
    const [a, b, e, g] = [3, 2, 1, 0].map((back) =>
      bias * swings.Level[rows[last - back]!]!
    ) as [number, number, number, number];
    if (!(b < g && a < b && e < b && a !== e)) continue;
    const row = rows[last - 2]!;
    (a < e ? BOS : CHOCH)[row] = bias;
    Level[row] = Math.fround(swings.Level[row]!);
  }
}

interface Breaks {
  up: FirstCrossing;
  down: FirstCrossing;
}

/** Finds the breaks and takes away what was not broken or was overtaken. */
function keepBroken(
  columns: BosChochColumns,
  { rows, breaks }: { rows: Int32Array; breaks: Breaks },
): void {
  const { BOS, CHOCH, Level, BrokenIndex } = columns;
  const clear = (row: number) => {
    BOS[row] = NaN;
    CHOCH[row] = NaN;
    Level[row] = NaN;
  };
  // Rows of standing signals; their breaks ascend, because each new one removes all that are not earlier.
  const standing = new Int32Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const level = Level[row]!;
    if (Number.isNaN(level)) continue;
    const isBullish = BOS[row] === 1 || CHOCH[row] === 1;
    const side = isBullish ? breaks.up : breaks.down;
    const broken = side.beyond(row + 2, level);
    if (broken < 0) {
      clear(row);
      continue;
    }
    BrokenIndex[row] = broken;
    while (count > 0 && BrokenIndex[standing[count - 1]!]! >= broken) {
      clear(standing[--count]!);
    }
    standing[count++] = row;
  }
}
