import { type CandleColumns, emptyColumn } from "./columns.ts";
import { FirstCrossing } from "./first_crossing.ts";
import { type SwingColumns, swingRows } from "./swing_highs_lows.ts";

/** Result of {@link orderBlocks}; all but the first and MitigatedIndex are 32-bit. */
export interface OrderBlockColumns {
  /** 1 bullish, −1 bearish. */
  OB: Float64Array;
  Top: Float64Array;
  Bottom: Float64Array;
  /** Volume of the crossing candle and the two before it. */
  OBVolume: Float64Array;
  /** Row at which the block was passed through; 0 while it was not. */
  MitigatedIndex: Float64Array;
  /** How alike the older and the newer part of that volume are, 0 to 100. */
  Percentage: Float64Array;
}

/** Settings of {@link orderBlocks}. */
export interface OrderBlockOptions {
  /** Bodies pass through a block; otherwise a wick is enough. */
  closeMitigation: boolean;
}

/**
 * Order blocks.
 *
 * Bullish: the first close above the last swing high before it makes a block of
 * the candle with the lowest low since that swing, the latest among equals
 * (bearish mirrored, in a second pass over the same rows). A low below its
 * bottom makes it a breaker, mitigated one row before that candle (bearish: at
 * that candle). A high above the top of a breaker erases it, so what is left
 * has never been passed through both ways.
 *
 * Looks ahead: to the crossing, and to the end of the data for what is erased.
 * Only the survivors are seen: useless for a backtest.
 */
export function orderBlocks(
  candles: CandleColumns,
  swings: SwingColumns,
  options: OrderBlockOptions,
): OrderBlockColumns {
  const length = candles.close.length;
  const columns: OrderBlockColumns = {
    OB: emptyColumn(length),
    Top: emptyColumn(length),
    Bottom: emptyColumn(length),
    OBVolume: emptyColumn(length),
    MitigatedIndex: emptyColumn(length),
    Percentage: emptyColumn(length),
  };
  // A row that broke once stays a breaker, also for a block of the other side.
  const isBreaker = new Uint8Array(length);
  for (const bias of [1, -1] as const) {
    const side = sideOf(candles, bias, options);
    for (const crossing of listCrossings(side, swingRows(swings, bias))) {
      const block = blockOf(side, crossing);
      write(columns, { block, crossing, candles });
      settle(columns, { block, crossing, side, isBreaker });
    }
  }
  return columns;
}

/** One pass, with the columns in the roles that they have in it. */
interface Side {
  bias: 1 | -1;
  candles: CandleColumns;
  /** Rows that pass through a block, away from the crossing. */
  through: FirstCrossing;
  /** Rows that come back through a breaker. */
  back: FirstCrossing;
}

function sideOf(
  candles: CandleColumns,
  bias: 1 | -1,
  { closeMitigation }: OrderBlockOptions,
): Side {
  const { high, low } = candles;
  const away = bias === 1 ? low : high;
  const passing = closeMitigation ? bodyEdges(candles, bias) : away;
  return {
    bias,
    candles,
    through: new FirstCrossing(passing, bias === 1 ? "below" : "above"),
    back: new FirstCrossing(
      bias === 1 ? high : low,
      bias === 1 ? "above" : "below",
    ),
  };
}

/** Lower ends of the bodies for bullish blocks, upper ends for bearish ones. */
function bodyEdges({ open, close }: CandleColumns, bias: 1 | -1): Float64Array {
  const edges = new Float64Array(open.length);
  for (let row = 0; row < edges.length; row++) {
    edges[row] = bias === 1
      ? Math.min(open[row]!, close[row]!)
      : Math.max(open[row]!, close[row]!);
  }
  return edges;
}

/** A close beyond the last swing before it, the first one of that swing. */
interface Crossing {
  row: number;
  swing: number;
  /** Row of the extreme between the two, or −1 if they are neighbours. */
  extreme: number;
}

/** Every swing is looked at until the next one of its type, so that no row is visited twice. */
function* listCrossings(
  { bias, candles }: Side,
  swings: Int32Array,
): Generator<Crossing> {
  const { high, low, close } = candles;
  const beyond = bias === 1 ? high : low;
  const opposite = bias === 1 ? low : high;
  for (let index = 0; index < swings.length; index++) {
    const swing = swings[index]!;
    const level = bias * beyond[swing]!;
    const last = Math.min(swings[index + 1] ?? Infinity, close.length - 1);
    let extreme = -1;
    for (let row = swing + 1; row <= last; row++) {
      if (bias * close[row]! > level) {
        yield { row, swing, extreme };
        break;
      }
      // Equality as well: the latest extreme counts.
      if (extreme < 0 || bias * (opposite[row]! - opposite[extreme]!) <= 0) {
        extreme = row;
      }
    }
  }
}

interface Block {
  row: number;
  bias: 1 | -1;
  top: number;
  bottom: number;
}

function blockOf(
  { bias, candles }: Side,
  { row, extreme }: Crossing,
): Block {
  const isEmptyRange = extreme < 0;
  const at = isEmptyRange ? row - 1 : extreme;
  const high = Math.fround(candles.high[at]!);
  const low = Math.fround(candles.low[at]!);
  // Right after a bookend there is no candle between; the bullish pass then swaps the edges.
  return isEmptyRange && bias === 1
    ? { row: at, bias, top: low, bottom: high }
    : { row: at, bias, top: high, bottom: low };
}

function write(
  columns: OrderBlockColumns,
  { block, crossing, candles }: {
    block: Block;
    crossing: Crossing;
    candles: CandleColumns;
  },
): void {
  const { row } = block;
  const { volume } = candles;
  const newest = volume[crossing.row]!;
  const before = volume[crossing.row - 1]!;
  const oldest = volume[crossing.row - 2] ?? 0;
  const newer = Math.fround(newest + before);
  const older = Math.fround(oldest);
  const most = Math.max(newer, older);
  columns.OB[row] = block.bias;
  columns.Top[row] = block.top;
  columns.Bottom[row] = block.bottom;
  columns.OBVolume[row] = Math.fround(newest + before + oldest);
  columns.Percentage[row] = most === 0
    ? 100
    : Math.fround(100 * Math.fround(Math.min(newer, older) / most));
  // The row's own value stays when a block of the other side was mitigated there.
  if (Number.isNaN(columns.MitigatedIndex[row]!)) {
    columns.MitigatedIndex[row] = 0;
  }
}

/**
 * Writes what becomes of a block. Blocks of one pass never share a row, so each
 * can be followed to its end by itself.
 */
function settle(
  columns: OrderBlockColumns,
  { block, crossing, side, isBreaker }: {
    block: Block;
    crossing: Crossing;
    side: Side;
    isBreaker: Uint8Array;
  },
): void {
  const { row, bias } = block;
  const [far, near] = bias === 1
    ? [block.bottom, block.top]
    : [block.top, block.bottom];
  let brokenAt = crossing.row;
  if (isBreaker[row] === 0) {
    brokenAt = side.through.beyond(crossing.row + 1, far);
    if (brokenAt < 0) return;
    isBreaker[row] = 1;
    columns.MitigatedIndex[row] = bias === 1 ? brokenAt - 1 : brokenAt;
  }
  if (side.back.beyond(brokenAt + 1, near) < 0) return;
  for (const column of Object.values(columns)) column[row] = NaN;
}
