import type { CandleColumns } from "./columns.ts";
import type { SwingColumns } from "./swing_highs_lows.ts";

/** Result of {@link retracements}. */
export interface RetracementColumns {
  /** 1 after a swing high, −1 after a swing low, 0 where nothing is shown. */
  Direction: Float64Array;
  /** How far the candle came back, in % of the leg, one decimal. */
  "CurrentRetracement%": Float64Array;
  /** The deepest one of the leg so far. */
  "DeepestRetracement%": Float64Array;
}

/** Changes of direction whose rows are blanked at the start. */
const BLANKED_CHANGES = 3;

/**
 * Retracements of the leg between the last two swings.
 *
 * After a swing high the low of each candle is measured between the last swing
 * low and it, after a swing low the high of each candle. All rows then move one
 * down, the last row's values into row 0, and the rows up to the one after the
 * third change of direction are blanked.
 *
 * Looks ahead: as far as the swings do; the move by one row does not help.
 */
export function retracements(
  candles: CandleColumns,
  swings: SwingColumns,
): RetracementColumns {
  const length = candles.high.length;
  const columns = {
    Direction: new Float64Array(length),
    "CurrentRetracement%": new Float64Array(length),
    "DeepestRetracement%": new Float64Array(length),
  };
  measure(columns, { candles, swings });
  for (const column of Object.values(columns)) moveDown(column);
  blankStart(columns);
  return columns;
}

function measure(
  columns: RetracementColumns,
  { candles, swings }: { candles: CandleColumns; swings: SwingColumns },
): void {
  const { high, low } = candles;
  let top = 0;
  let bottom = 0;
  let direction = 0;
  let deepest = 0;
  for (let row = 0; row < high.length; row++) {
    const before = direction;
    const deepestBefore = deepest;
    const type = swings.HighLow[row]!;
    if (type === 1) top = swings.Level[row]!;
    if (type === -1) bottom = swings.Level[row]!;
    if (!Number.isNaN(type)) direction = type;
    let current = 0;
    deepest = 0;
    if (before === 1) {
      current = retraced(low[row]! - bottom, top - bottom);
      deepest = Math.max(deepestBefore, current);
    }
    if (direction === -1) {
      current = retraced(high[row]! - top, bottom - top);
      deepest = Math.max(before === -1 ? deepestBefore : 0, current);
    }
    columns.Direction[row] = direction;
    columns["CurrentRetracement%"][row] = current;
    columns["DeepestRetracement%"][row] = deepest;
  }
}

/** What is left of the leg as % of it, one decimal; 0 for a leg without length. */
function retraced(left: number, leg: number): number {
  return leg === 0 ? 0 : roundHalfEven((100 - left / leg * 100) * 10) / 10;
}

/** As IEEE 754 rounds to a whole number: a small negative one becomes −0. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  const isUp = rest === 0.5 ? floor % 2 !== 0 : rest > 0.5;
  return isUp ? floor + 1 || -0 : floor;
}

function moveDown(column: Float64Array): void {
  if (column.length === 0) return;
  const last = column[column.length - 1]!;
  column.copyWithin(1, 0, column.length - 1);
  column[0] = last;
}

/** With fewer changes only the last row is left. */
function blankStart(columns: RetracementColumns): void {
  const { Direction } = columns;
  let changes = 0;
  let end = Math.max(0, Direction.length - 1);
  for (let row = 0; row < Direction.length - 1; row++) {
    if (Direction[row] !== Direction[row + 1]) changes++;
    if (changes === BLANKED_CHANGES) {
      end = row + 2;
      break;
    }
  }
  for (const column of Object.values(columns)) column.fill(0, 0, end);
}
