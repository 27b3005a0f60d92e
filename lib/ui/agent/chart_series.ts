/**
 * The panes and series of a chart on lightweight-charts, and their colours:
 * candles, volume, equity, drawdown.
 *
 * @module
 */
import {
  BaselineSeries,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  createTextWatermark,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type ITextWatermarkPluginApi,
  LineSeries,
  LineStyle,
  LineType,
  type Time,
} from "lightweight-charts";
import type { SeriesName } from "./chart_words.ts";
import { underWater } from "./chart_markers.ts";
import type { ChartTheme } from "./chart_theme.ts";

/** A chart and what it is made of. */
export interface ChartParts {
  chart: IChartApi;
  candles: ISeriesApi<"Candlestick">;
  volume: ISeriesApi<"Histogram">;
  equity: ISeriesApi<"Line">;
  drawdown: ISeriesApi<"Baseline">;
  markers: ISeriesMarkersPluginApi<Time>;
  /** Names of the panes below the candles. */
  names: readonly ITextWatermarkPluginApi<Time>[];
}

/** Heights of the panes, top to bottom. */
const PANE_SHARES = [0.6, 0.11, 0.16, 0.13] as const;
/** Names of the panes below the candles. */
const PANE_NAMES = ["Volume", "Equity", "Drawdown"] as const;
const FONT_FAMILY = 'system-ui, "Segoe UI", Roboto, sans-serif';
/** As large as the smallest text of the page. */
const FONT_PX = 12;
/** Room to the right of the newest candle, for the labels of open zones. */
export const RIGHT_CANDLES = 12;
/** So thin that all candles that are kept fit on a phone. */
const MIN_BAR_PX = 0.05;

/** Makes the chart in its container; `isCalm`: nothing moves on by itself. */
export function createParts(
  container: HTMLElement,
  { isCalm }: { isCalm: boolean },
): ChartParts {
  const chart = createChart(container, {
    autoSize: true,
    layout: {
      attributionLogo: false,
      fontSize: FONT_PX,
      fontFamily: FONT_FAMILY,
      panes: { enableResize: true },
    },
    crosshair: { mode: 0 },
    kineticScroll: { touch: !isCalm, mouse: false },
    // A finger that goes up or down scrolls the page.
    handleScroll: { vertTouchDrag: false },
    timeScale: {
      timeVisible: true,
      rightOffset: RIGHT_CANDLES,
      minBarSpacing: MIN_BAR_PX,
      // Where many candles share a pixel they are drawn as one.
      enableConflation: true,
    },
  });
  const candles = chart.addSeries(CandlestickSeries, {}, 0);
  const volume = chart.addSeries(HistogramSeries, {
    priceFormat: { type: "volume" },
    lastValueVisible: false,
    priceLineVisible: false,
  }, 1);
  const equity = chart.addSeries(LineSeries, {
    lineWidth: 2,
    // Between two known points the curve says nothing else than the older one.
    lineType: LineType.WithSteps,
  }, 2);
  const drawdown = chart.addSeries(BaselineSeries, {
    baseValue: { type: "price", price: 0 },
    autoscaleInfoProvider: underWater,
    lineWidth: 1,
    lineType: LineType.WithSteps,
    priceLineVisible: false,
    priceFormat: {
      type: "custom",
      minMove: 0.01,
      formatter: (value: number) => `${value.toFixed(2).replace("-", "−")}%`,
    },
  }, 3);
  PANE_SHARES.forEach((share, index) =>
    chart.panes()[index]?.setStretchFactor(share)
  );
  return {
    chart,
    candles,
    volume,
    equity,
    drawdown,
    markers: createSeriesMarkers(candles, []),
    names: namePanes(chart),
  };
}

function namePanes(chart: IChartApi): ChartParts["names"] {
  return PANE_NAMES.map((_, index) =>
    createTextWatermark(chart.panes()[index + 1]!, {
      horzAlign: "left",
      vertAlign: "top",
    })
  );
}

/** The part that shows a series. */
export function seriesOf(parts: ChartParts, name: SeriesName) {
  return name === "price" ? parts.candles : parts[name];
}

/** Gives everything the colours of the page. */
export function paintParts(
  { chart, candles, equity, drawdown, names }: ChartParts,
  theme: ChartTheme,
): void {
  const { canvas, muted, grid, border, accent, up, down } = theme;
  const crosshair = {
    color: muted,
    style: LineStyle.Dotted,
    labelBackgroundColor: muted,
  };
  chart.applyOptions({
    layout: {
      background: { color: canvas },
      textColor: muted,
      panes: { separatorColor: border, separatorHoverColor: grid },
    },
    grid: { vertLines: { color: grid }, horzLines: { color: grid } },
    timeScale: { borderColor: border },
    rightPriceScale: { borderColor: border },
    crosshair: { vertLine: crosshair, horzLine: crosshair },
  });
  names.forEach((name, index) =>
    name.applyOptions({
      lines: [{
        text: PANE_NAMES[index]!,
        color: muted,
        fontSize: FONT_PX,
        fontFamily: FONT_FAMILY,
      }],
    })
  );
  // Hollow up, filled down: the direction is told by shape as well as by colour.
  candles.applyOptions({
    upColor: canvas,
    borderUpColor: up,
    wickUpColor: up,
    downColor: down,
    borderDownColor: down,
    wickDownColor: down,
    priceLineColor: muted,
  });
  equity.applyOptions({ color: accent, priceLineColor: accent });
  drawdown.applyOptions({
    topLineColor: down,
    topFillColor1: theme.downWeak,
    topFillColor2: theme.downWeak,
    bottomLineColor: down,
    bottomFillColor1: theme.downWeak,
    bottomFillColor2: theme.downFill,
  });
}
