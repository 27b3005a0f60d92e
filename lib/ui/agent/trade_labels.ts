import type { ChartResponse } from "../../contracts/chart.ts";
import { formatDecimal } from "../format.ts";
import { baseCandle, type ChartFrame, indexOfSeq } from "./chart_frame.ts";
import { type Label, LABEL_HEIGHT } from "./chart_labels.ts";
import type { ChartTheme } from "./chart_theme.ts";
import type { OverlayGeometry } from "./overlay_geometry.ts";

interface LabelParts {
  data: ChartResponse;
  frame: ChartFrame;
  theme: ChartTheme;
}

/** Results in R beside the exits. */
export function tradeLabels(
  { data, frame, theme }: LabelParts,
  places: OverlayGeometry,
): Label[] {
  return data.trades.flatMap((trade) => {
    // The marker of an exit stands on the winning side of the candle.
    const isAbove = trade.direction === "long";
    const place = placeAt({ frame, places, seq: trade.exitSeq, isAbove });
    return place === null ? [] : [{
      text: `${formatDecimal(trade.resultR, { digits: 1, signed: true })} R`,
      x: place.x - 12,
      y: place.y + (isAbove ? -2 : 2) * LABEL_HEIGHT,
      color: trade.netPnl.startsWith("-") ? theme.down : theme.up,
      at: place.at,
    }];
  });
}

/** What became of decisions beside their markers. */
export function decisionLabels(
  { data, frame, theme }: LabelParts,
  places: OverlayGeometry,
): Label[] {
  return data.decisions.flatMap(({ seq, side, outcome }) => {
    const isAbove = side === "sell";
    const place = placeAt({ frame, places, seq, isAbove });
    return place === null ? [] : [{
      text: `${side === "buy" ? "Buy" : "Sell"}: ${outcome}`,
      x: place.x + 8,
      y: place.y + (isAbove ? -1 : 1) * LABEL_HEIGHT,
      color: theme.muted,
      at: place.at,
    }];
  });
}

/** High or low of the drawn candle that holds the agent's candle with a number. */
function placeAt(
  { frame, places, seq, isAbove }: {
    frame: ChartFrame;
    places: OverlayGeometry;
    seq: number;
    isAbove: boolean;
  },
): { x: number; y: number; at: number } | null {
  const candle = frame.candles[indexOfSeq(frame, seq)];
  const at = baseCandle(frame, seq)?.openAt;
  if (candle === undefined || at === undefined) return null;
  const x = places.xOf(candle.openAt);
  const y = places.yOf(isAbove ? candle.high : candle.low);
  return x === null || y === null ? null : { x, y, at };
}
