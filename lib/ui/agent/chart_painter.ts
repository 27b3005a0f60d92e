/**
 * Brings the series of a chart up to date with as little drawing as can be.
 *
 * @module
 */
import type { ISeriesApi, UTCTimestamp } from "lightweight-charts";
import type { EquityCurves, LinePoint, ShownCandle } from "./chart_frame.ts";
import { toTime } from "./chart_markers.ts";
import type { ChartParts } from "./chart_series.ts";
import type { ChartTheme } from "./chart_theme.ts";
import { putSeries, type SeriesChange } from "./series_change.ts";

/** What the series of a chart hold. */
export interface PaintedSeries {
  candles: readonly ShownCandle[];
  curves: EquityCurves;
}

/** Paints what is new; `known` is what the series hold in these colours, null for nothing. */
export function paintSeries(
  parts: ChartParts,
  { known, next, theme }: {
    known: PaintedSeries | null;
    next: PaintedSeries;
    theme: Pick<ChartTheme, "upFill" | "downFill">;
  },
): void {
  if (known?.candles !== next.candles) {
    paintCandles(parts, theme, {
      known: known?.candles,
      next: next.candles,
      timeOf: ({ openAt }) => openAt / 1_000,
      isSame: (a, b) =>
        a.openAt === b.openAt && a.close === b.close && a.volume === b.volume,
    });
  }
  for (const name of ["equity", "drawdown"] as const) {
    putSeries(parts[name] as ISeriesApi<"Line">, {
      known: known?.curves[name],
      next: next.curves[name],
      timeOf: ({ time }: LinePoint) => time,
      isSame: (a, b) => a.time === b.time && a.value === b.value,
      toBar: ({ time, value }: LinePoint) => ({
        time: time as UTCTimestamp,
        value,
      }),
    });
  }
}

function paintCandles(
  { candles, volume }: ChartParts,
  { upFill, downFill }: Pick<ChartTheme, "upFill" | "downFill">,
  change: Omit<SeriesChange<ShownCandle, unknown>, "toBar">,
): void {
  putSeries(candles, {
    ...change,
    toBar: ({ openAt, open, high, low, close }) => ({
      time: toTime(openAt),
      open,
      high,
      low,
      close,
    }),
  });
  putSeries(volume, {
    ...change,
    toBar: ({ openAt, open, close, volume }) => ({
      time: toTime(openAt),
      value: volume,
      color: close >= open ? upFill : downFill,
    }),
  });
}
