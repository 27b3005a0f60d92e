/**
 * The chart of an agent on lightweight-charts: candles with overlays, volume,
 * equity and drawdown. Imported dynamically, so that other pages never load it.
 *
 * @module
 */
import {
  BaselineSeries,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineSeries,
  LineStyle,
  LineType,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Candle } from "../../contracts/candle.ts";
import type { ChartResponse } from "../../contracts/chart.ts";
import { equityCurves, indexAt } from "./chart_data.ts";
import {
  chartMarkers,
  priceScaleOf,
  toTime,
  underWater,
} from "./chart_markers.ts";
import { type ChartTheme, readChartTheme } from "./chart_theme.ts";
import { OverlayPrimitive, type OverlayToggles } from "./overlay_primitive.ts";

/** Everything that can be shown or hidden. */
export interface ChartToggles extends OverlayToggles {
  decisions: boolean;
}

/** What a view tells its owner. */
export interface ChartViewOptions {
  container: HTMLElement;
  toggles: ChartToggles;
  /** The candle under the pointer or the keyboard's crosshair; null = none. */
  onPoint: (candle: Candle | null) => void;
}

const PANE_SHARES = [0.66, 0.19, 0.15] as const;
/** Candles that are in view at first. */
const VISIBLE_CANDLES = 140;
/** Room to the right of the newest candle, for the labels of open zones. */
const RIGHT_CANDLES = 12;

/** A chart in its container. */
export class ChartView {
  readonly #container: HTMLElement;
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<"Candlestick">;
  readonly #volume: ISeriesApi<"Histogram">;
  readonly #equity: ISeriesApi<"Line">;
  readonly #drawdown: ISeriesApi<"Baseline">;
  readonly #markers: ISeriesMarkersPluginApi<Time>;
  readonly #overlay: OverlayPrimitive;
  #theme: ChartTheme;
  #toggles: ChartToggles;
  #data: ChartResponse | null = null;
  #cursor: number | null = null;

  constructor({ container, toggles, onPoint }: ChartViewOptions) {
    this.#container = container;
    this.#toggles = toggles;
    this.#theme = readChartTheme(container);
    this.#chart = createChart(container, {
      autoSize: true,
      layout: {
        attributionLogo: false,
        fontSize: 11,
        fontFamily: 'system-ui, "Segoe UI", Roboto, sans-serif',
        panes: { enableResize: true },
      },
      crosshair: { mode: 0 },
      timeScale: { timeVisible: true, rightOffset: RIGHT_CANDLES },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {}, 0);
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: "volume",
      priceFormat: { type: "volume" },
      lastValueVisible: false,
      priceLineVisible: false,
    }, 0);
    this.#volume.priceScale().applyOptions({
      scaleMargins: { top: 0.86, bottom: 0 },
    });
    this.#equity = this.#chart.addSeries(LineSeries, {
      lineWidth: 2,
      // Between two known points the curve says nothing else than the older one.
      lineType: LineType.WithSteps,
      title: "Equity",
    }, 1);
    this.#drawdown = this.#chart.addSeries(BaselineSeries, {
      baseValue: { type: "price", price: 0 },
      autoscaleInfoProvider: underWater,
      lineWidth: 1,
      lineType: LineType.WithSteps,
      title: "Drawdown %",
      priceLineVisible: false,
    }, 2);
    this.#overlay = new OverlayPrimitive(this.#theme, toggles);
    this.#candles.attachPrimitive(this.#overlay);
    this.#markers = createSeriesMarkers(this.#candles, []);
    PANE_SHARES.forEach((share, index) =>
      this.#chart.panes()[index]?.setStretchFactor(share)
    );
    this.#chart.subscribeCrosshairMove(({ time }) => {
      onPoint(time === undefined ? null : this.#candleAt(Number(time)));
    });
    this.applyTheme();
  }

  /** Shows data; the first time the newest candles come into view, later the view stays or follows. */
  setData(data: ChartResponse): void {
    const isFirst = this.#data === null;
    this.#data = data;
    if (isFirst) this.#candles.applyOptions(priceScaleOf(data.candles));
    this.#paint();
    const { candles, overlays, trades } = data;
    this.#overlay.update({ candles, overlays, trades });
    if (isFirst) this.#showNewest();
  }

  /** Shows or hides kinds of overlay. */
  setToggles(toggles: ChartToggles): void {
    this.#toggles = toggles;
    this.#overlay.update({ toggles });
    this.#markers.setMarkers(this.#markersOf());
  }

  /** Takes the colours of the page again. */
  applyTheme(): void {
    this.#theme = readChartTheme(this.#container);
    const {
      canvas,
      muted,
      grid,
      border,
      accent,
      up,
      down,
      downFill,
      downWeak,
    } = this.#theme;
    this.#chart.applyOptions({
      layout: {
        background: { color: canvas },
        textColor: muted,
        panes: { separatorColor: border, separatorHoverColor: grid },
      },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      timeScale: { borderColor: border },
      rightPriceScale: { borderColor: border },
      crosshair: {
        vertLine: {
          color: muted,
          style: LineStyle.Dotted,
          labelBackgroundColor: muted,
        },
        horzLine: {
          color: muted,
          style: LineStyle.Dotted,
          labelBackgroundColor: muted,
        },
      },
    });
    // Hollow up, filled down: the direction is told by shape as well as by colour.
    this.#candles.applyOptions({
      upColor: canvas,
      borderUpColor: up,
      wickUpColor: up,
      downColor: down,
      borderDownColor: down,
      wickDownColor: down,
      priceLineColor: muted,
    });
    this.#equity.applyOptions({ color: accent, priceLineColor: accent });
    this.#drawdown.applyOptions({
      topLineColor: down,
      topFillColor1: downWeak,
      topFillColor2: downWeak,
      bottomLineColor: down,
      bottomFillColor1: downWeak,
      bottomFillColor2: downFill,
    });
    this.#overlay.update({ theme: this.#theme });
    if (this.#data !== null) this.#paint();
  }

  /** Moves the crosshair by candles, from the keyboard; answers with the candle it is on. */
  step(by: number): Candle | null {
    const candles = this.#data?.candles ?? [];
    if (candles.length === 0) return null;
    const from = this.#cursor ?? candles.length - 1;
    this.#cursor = Math.min(candles.length - 1, Math.max(0, from + by));
    const candle = candles[this.#cursor] ?? null;
    if (candle !== null) {
      this.#chart.setCrosshairPosition(
        candle.close,
        toTime(candle.openAt),
        this.#candles,
      );
      this.#scrollTo(this.#cursor);
    }
    return candle;
  }

  /** Shows more (`factor` > 1) or fewer candles. */
  zoom(factor: number): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (range === null) return;
    const width = (range.to - range.from) * factor;
    this.#chart.timeScale().setVisibleLogicalRange({
      from: range.to - width,
      to: range.to,
    });
  }

  /** Brings the newest candles into view. */
  showNewest(): void {
    this.#cursor = null;
    this.#showNewest();
  }

  /** Takes the chart out of the page. */
  destroy(): void {
    this.#chart.remove();
  }

  #paint(): void {
    const data = this.#data;
    if (data === null) return;
    const { upFill, downFill } = this.#theme;
    this.#candles.setData(
      data.candles.map(({ openAt, open, high, low, close }) => ({
        time: toTime(openAt),
        open,
        high,
        low,
        close,
      })),
    );
    this.#volume.setData(
      data.candles.map(({ openAt, open, close, volume }) => ({
        time: toTime(openAt),
        value: volume,
        color: close >= open ? upFill : downFill,
      })),
    );
    const curves = equityCurves(data.candles, data.equity);
    const toPoint = ({ time, value }: { time: number; value: number }) => ({
      time: time as UTCTimestamp,
      value,
    });
    this.#equity.setData(curves.equity.map(toPoint));
    this.#drawdown.setData(curves.drawdown.map(toPoint));
    this.#markers.setMarkers(this.#markersOf());
  }

  #markersOf(): SeriesMarker<Time>[] {
    return this.#data === null
      ? []
      : chartMarkers(this.#data, { ...this.#theme, ...this.#toggles });
  }

  #candleAt(seconds: number): Candle | null {
    const candles = this.#data?.candles ?? [];
    return candles[indexAt(candles, seconds * 1_000)] ?? null;
  }

  #showNewest(): void {
    const count = this.#data?.candles.length ?? 0;
    this.#chart.timeScale().setVisibleLogicalRange({
      from: Math.max(0, count - VISIBLE_CANDLES),
      to: count + RIGHT_CANDLES,
    });
  }

  #scrollTo(index: number): void {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (range === null || (index >= range.from && index <= range.to)) return;
    const width = range.to - range.from;
    const from = index < range.from ? index : index - width;
    this.#chart.timeScale().setVisibleLogicalRange({ from, to: from + width });
  }
}
