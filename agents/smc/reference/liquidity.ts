import { type CandleColumns, emptyColumn } from "./columns.ts";
import { FirstCrossing } from "./first_crossing.ts";
import { type SwingColumns, swingRows } from "./swing_highs_lows.ts";
import { UnusedLevels } from "./unused_levels.ts";

/** Result of {@link liquidityPools}, all 32-bit. */
export interface LiquidityColumns {
  /** 1 above equal highs, −1 below equal lows. */
  Liquidity: Float64Array;
  /** Mean level of the members. */
  Level: Float64Array;
  /** Row of the last member. */
  End: Float64Array;
  /** Row that pierced the pool; 0 while none did. */
  Swept: Float64Array;
}

/** Settings of {@link liquidityPools}. */
export interface LiquidityOptions {
  /** Half the width of a pool, as a share of the range of all candles. */
  rangePercent: number;
}

/**
 * Liquidity at equal highs and equal lows.
 *
 * r is the range of all candles times `rangePercent`. A swing high gathers the
 * later swing highs within r of its level that come before a candle reaches its
 * level + r, and that no earlier swing gathered. With at least one of them it is
 * a pool, in the row of the first. Lows are mirrored; bookends count as swings.
 *
 * Looks ahead: to the last member and the sweep, and r knows the whole data, so
 * a new extreme rewrites every row.
 */
export function liquidityPools(
  candles: CandleColumns,
  swings: SwingColumns,
  { rangePercent }: LiquidityOptions,
): LiquidityColumns {
  const length = candles.high.length;
  const columns = {
    Liquidity: emptyColumn(length),
    Level: emptyColumn(length),
    End: emptyColumn(length),
    Swept: emptyColumn(length),
  };
  const reach = rangeOf(candles) * rangePercent;
  for (const bias of [1, -1] as const) {
    const rows = swingRows(swings, bias);
    gather(columns, { bias, candles, reach, rows, swings });
  }
  return columns;
}

function rangeOf({ high, low }: CandleColumns): number {
  let top = -Infinity;
  let bottom = Infinity;
  for (let row = 0; row < high.length; row++) {
    if (high[row]! > top) top = high[row]!;
    if (low[row]! < bottom) bottom = low[row]!;
  }
  return top - bottom;
}

function gather(
  columns: LiquidityColumns,
  { bias, candles, reach, rows, swings }: {
    bias: 1 | -1;
    candles: CandleColumns;
    reach: number;
    rows: Int32Array;
    swings: SwingColumns;
  },
): void {
  const levels = Float64Array.from(rows, (row) => swings.Level[row]!);
  const unused = new UnusedLevels(levels);
  const sweeps = bias === 1
    ? new FirstCrossing(candles.high, "above")
    : new FirstCrossing(candles.low, "below");
  for (let swing = 0; swing < rows.length; swing++) {
    if (!unused.has(swing)) continue;
    // Only later swings can join, so this one is never asked for again.
    unused.remove(swing);
    const row = rows[swing]!;
    const level = levels[swing]!;
    const swept = sweeps.reaching(row + 1, level + bias * reach);
    const members = unused.within({
      bottom: level - reach,
      top: level + reach,
      beforeSwing: swept < 0 ? rows.length : firstFrom(rows, swept),
    });
    if (members.length === 0) continue;
    let sum = level;
    for (const member of members) {
      sum += levels[member]!;
      unused.remove(member);
    }
    columns.Liquidity[row] = bias;
    columns.Level[row] = Math.fround(sum / (members.length + 1));
    columns.End[row] = Math.fround(rows[members.at(-1)!]!);
    columns.Swept[row] = Math.fround(Math.max(0, swept));
  }
}

/** Place of the first of the ascending rows that is not before `row`. */
function firstFrom(rows: Int32Array, row: number): number {
  let from = 0;
  let end = rows.length;
  while (from < end) {
    const middle = (from + end) >> 1;
    if (rows[middle]! >= row) end = middle;
    else from = middle + 1;
  }
  return from;
}
