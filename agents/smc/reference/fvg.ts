import { type CandleColumns, emptyColumn } from "./columns.ts";
import { FirstCrossing } from "./first_crossing.ts";

/** Result of {@link fairValueGaps}. */
export interface FairValueGapColumns {
  /** 1 bullish, −1 bearish. */
  FVG: Float64Array;
  Top: Float64Array;
  Bottom: Float64Array;
  /** Row of the first touch; 0 while it is not touched. */
  MitigatedIndex: Float64Array;
}

/** Settings of {@link fairValueGaps}. */
export interface FairValueGapOptions {
  /** Makes one gap of neighbouring gaps of one side, in the last one's row. */
  joinConsecutive: boolean;
}

/**
 * Fair value gaps.
 *
 * A rising candle whose neighbours leave a gap (high before < low after) is
 * bullish, a falling one (low before > high after) bearish. Mitigated by the
 * first candle from two rows later on that touches the near edge: the top of a
 * bullish gap, the bottom of a bearish one.
 *
 * Looks ahead: one candle; joined gaps until their run ends; MitigatedIndex
 * until the touch.
 */
export function fairValueGaps(
  candles: CandleColumns,
  { joinConsecutive }: FairValueGapOptions,
): FairValueGapColumns {
  const { open, high, low, close } = candles;
  const length = open.length;
  const FVG = emptyColumn(length);
  const Top = emptyColumn(length);
  const Bottom = emptyColumn(length);
  const MitigatedIndex = emptyColumn(length);
  for (let row = 1; row < length - 1; row++) {
    const body = close[row]! - open[row]!;
    if (body > 0 && high[row - 1]! < low[row + 1]!) {
      FVG[row] = 1;
      Top[row] = low[row + 1]!;
      Bottom[row] = high[row - 1]!;
    } else if (body < 0 && low[row - 1]! > high[row + 1]!) {
      FVG[row] = -1;
      Top[row] = low[row - 1]!;
      Bottom[row] = high[row + 1]!;
    }
  }
  const columns = { FVG, Top, Bottom, MitigatedIndex };
  if (joinConsecutive) joinRuns(columns);
  findTouches(columns, candles);
  return columns;
}

/** Moves each run of one side into its last row, with the union of its zones. */
function joinRuns({ FVG, Top, Bottom }: FairValueGapColumns): void {
  for (let row = 0; row < FVG.length - 1; row++) {
    // An empty cell equals nothing.
    if (FVG[row] !== FVG[row + 1]) continue;
    Top[row + 1] = Math.max(Top[row]!, Top[row + 1]!);
    Bottom[row + 1] = Math.min(Bottom[row]!, Bottom[row + 1]!);
    FVG[row] = NaN;
    Top[row] = NaN;
    Bottom[row] = NaN;
  }
}

function findTouches(
  { FVG, Top, Bottom, MitigatedIndex }: FairValueGapColumns,
  { high, low }: CandleColumns,
): void {
  const lows = new FirstCrossing(low, "below");
  const highs = new FirstCrossing(high, "above");
  for (let row = 0; row < FVG.length; row++) {
    if (Number.isNaN(FVG[row]!)) continue;
    const touch = FVG[row] === 1
      ? lows.reaching(row + 2, Top[row]!)
      : highs.reaching(row + 2, Bottom[row]!);
    MitigatedIndex[row] = Math.max(0, touch);
  }
}
