import { assert } from "../../../lib/core/assert.ts";
import { RollingExtreme } from "../../market/rolling_extreme.ts";
import { type CandleColumns, emptyColumn } from "./columns.ts";

/** Result of {@link swingHighsLows}. */
export interface SwingColumns {
  /** 1 a swing high, −1 a swing low. */
  HighLow: Float64Array;
  /** High or low of the candle. */
  Level: Float64Array;
}

/** Settings of {@link swingHighsLows}. */
export interface SwingOptions {
  /** Candles after the swing; one fewer before it. A whole number from 1. */
  swingLength: number;
}

/**
 * Swing highs and lows.
 *
 * Candle i is a candidate high when its high is the largest of candles
 * i − L + 1 to i + L, a candidate low when its low is the smallest of them; on
 * both, high wins, and all candles of a plateau are candidates. The first
 * 2L − 1 candles and the last L never are. Of neighbouring candidates of one
 * type the most extreme stands, the earliest among equals. Then the first and
 * the last row become swings of the type opposite to their neighbour: bookends,
 * not swings of the market.
 *
 * Looks ahead: L candles, and until the opposite swing for which one stands.
 */
export function swingHighsLows(
  candles: CandleColumns,
  { swingLength }: SwingOptions,
): SwingColumns {
  assert(
    Number.isInteger(swingLength) && swingLength >= 1,
    `A swing length is a whole number from 1, was ${swingLength}`,
  );
  const { high, low } = candles;
  const length = high.length;
  const HighLow = emptyColumn(length);
  const Level = emptyColumn(length);
  // Shorter than one window: no candidate, whatever the length, and no window to allocate.
  if (length < 3 * swingLength) return { HighLow, Level };
  const highest = new RollingExtreme(2 * swingLength);
  const lowest = new RollingExtreme(2 * swingLength);
  let lastRow = -1;
  let firstType = 0;
  let lastType = 0;
  for (let newest = 0; newest < length; newest++) {
    highest.push(high[newest]!);
    lowest.push(-low[newest]!);
    const row = newest - swingLength;
    if (row < 2 * swingLength - 1) continue;
    const isHigh = high[row] === highest.value;
    if (!isHigh && low[row] !== -lowest.value) continue;
    const type = isHigh ? 1 : -1;
    const level = isHigh ? high[row]! : low[row]!;
    if (type === lastType) {
      if (type * (level - Level[lastRow]!) <= 0) continue;
      HighLow[lastRow] = NaN;
      Level[lastRow] = NaN;
    }
    HighLow[row] = type;
    Level[row] = level;
    lastRow = row;
    lastType = type;
    if (firstType === 0) firstType = type;
  }
  if (lastType === 0) return { HighLow, Level };
  for (const [row, neighbour] of [[0, firstType], [length - 1, lastType]]) {
    HighLow[row!] = -neighbour!;
    Level[row!] = neighbour === -1 ? high[row!]! : low[row!]!;
  }
  return { HighLow, Level };
}

/** Rows that hold a swing, bookends included, ascending. */
export function swingRows(
  { HighLow }: SwingColumns,
  type?: 1 | -1,
): Int32Array {
  const isWanted = (value: number) =>
    type === undefined ? !Number.isNaN(value) : value === type;
  let count = 0;
  for (const value of HighLow) if (isWanted(value)) count++;
  const rows = new Int32Array(count);
  let at = 0;
  for (let row = 0; row < HighLow.length; row++) {
    if (isWanted(HighLow[row]!)) rows[at++] = row;
  }
  return rows;
}
