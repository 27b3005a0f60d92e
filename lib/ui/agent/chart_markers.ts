import type {
  AutoscaleInfo,
  PriceFormatBuiltIn,
  SeriesMarker,
  Time,
  UTCTimestamp,
} from "lightweight-charts";
import type { ChartResponse } from "../../contracts/chart.ts";
import {
  type ChartFrame,
  indexOfSeq,
  type ShownCandle,
} from "./chart_frame.ts";
import { objectIds } from "./chart_objects.ts";

/** What decides about markers: which ones are on, and their colours. */
export interface MarkerOptions {
  trades: boolean;
  decisions: boolean;
  up: string;
  down: string;
  muted: string;
}

type Mark = Omit<SeriesMarker<Time>, "time">;

/** Entries, exits and decisions as markers at their candles, in order of time; their ids are those of the objects. */
export function chartMarkers(
  { data, frame }: { data: ChartResponse; frame: ChartFrame },
  options: MarkerOptions,
): SeriesMarker<Time>[] {
  const marks: { seq: number; mark: Mark }[] = [
    ...(options.trades ? tradeMarks(data, options) : []),
    ...(options.decisions ? decisionMarks(data, options) : []),
  ];
  return marks.flatMap(({ seq, mark }) => {
    const candle = frame.candles[indexOfSeq(frame, seq)];
    return candle === undefined
      ? []
      : [{ ...mark, time: toTime(candle.openAt) } as SeriesMarker<Time>];
  }).sort((a, b) => Number(a.time) - Number(b.time));
}

function tradeMarks(
  { trades }: ChartResponse,
  { up, down }: MarkerOptions,
): { seq: number; mark: Mark }[] {
  return trades.flatMap((trade) => {
    const isLong = trade.direction === "long";
    const won = !trade.netPnl.startsWith("-");
    const id = objectIds.trade(trade);
    return [{
      seq: trade.entrySeq,
      mark: {
        id,
        position: isLong ? "belowBar" : "aboveBar",
        shape: isLong ? "arrowUp" : "arrowDown",
        color: isLong ? up : down,
      },
    }, {
      seq: trade.exitSeq,
      mark: {
        id,
        position: isLong ? "aboveBar" : "belowBar",
        shape: "square",
        color: won ? up : down,
      },
    }];
  });
}

function decisionMarks(
  { decisions }: ChartResponse,
  { muted }: MarkerOptions,
): { seq: number; mark: Mark }[] {
  return decisions.map((decision) => ({
    seq: decision.seq,
    mark: {
      id: objectIds.decision(decision),
      position: decision.side === "buy" ? "belowBar" : "aboveBar",
      shape: "circle",
      color: muted,
    },
  }));
}

/** Digits and smallest step of the price axis, by the size of the newest price. */
export function priceScaleOf(
  candles: readonly ShownCandle[],
): { priceFormat: PriceFormatBuiltIn } {
  const price = candles.at(-1)?.close ?? 0;
  const precision = price >= 1_000 ? 2 : price >= 10 ? 3 : price >= 1 ? 4 : 6;
  return {
    priceFormat: { type: "price", precision, minMove: 10 ** -precision },
  };
}

/** A time of the chart: whole seconds. */
export function toTime(at: number): UTCTimestamp {
  return Math.floor(at / 1_000) as UTCTimestamp;
}

/** The drawdown's scale hangs from 0 and shows at least one percent. */
export function underWater(
  original: () => AutoscaleInfo | null,
): AutoscaleInfo | null {
  const info = original();
  if (info === null || info.priceRange === null) return info;
  const minValue = Math.min(-1, info.priceRange.minValue);
  return { ...info, priceRange: { minValue, maxValue: 0 } };
}
