/**
 * The chart of an agent on lightweight-charts: candles with overlays, volume,
 * equity and drawdown. Imported dynamically, so that other pages never load it.
 *
 * @module
 */
import type { SeriesMarker, Time } from "lightweight-charts";
import type { ChartResponse } from "../../contracts/chart.ts";
import type { ChartToggles } from "./chart_choice.ts";
import {
  type ChartFrame,
  type EquityCurves,
  equityCurves,
  indexAt,
  type ShownCandle,
  valueAt,
} from "./chart_frame.ts";
import { chartMarkers, priceScaleOf, toTime } from "./chart_markers.ts";
import { type PaintedSeries, paintSeries } from "./chart_painter.ts";
import {
  type ChartParts,
  createParts,
  paintParts,
  RIGHT_CANDLES,
  seriesOf,
} from "./chart_series.ts";
import { type ChartTheme, readChartTheme } from "./chart_theme.ts";
import type { SeriesName } from "./chart_words.ts";
import { OverlayPrimitive } from "./overlay_primitive.ts";

/** What a chart shows. */
export interface ChartPicture {
  data: ChartResponse;
  frame: ChartFrame;
}

/** What a view tells its owner. */
export interface ChartViewOptions extends ChartPicture {
  container: HTMLElement;
  toggles: ChartToggles;
  isCalm: boolean;
  /** The candle under the pointer; null = none. */
  onPoint: (candle: ShownCandle | null) => void;
  /** What was clicked: an object, by its id, or the candle there. */
  onPick: (pick: { id: string | null; candle: ShownCandle | null }) => void;
  /** The first candle comes into view. */
  onBeginning: () => void;
}

/** Candles that are in view at first. */
const VISIBLE_CANDLES = 140;
/** So near to the first candle older ones are wanted. */
const BEGINNING_CANDLES = 10;

/** A chart in its container. */
export class ChartView {
  readonly #container: HTMLElement;
  readonly #parts: ChartParts;
  readonly #overlay: OverlayPrimitive;
  #theme: ChartTheme;
  #toggles: ChartToggles;
  #picture: ChartPicture;
  #curves: EquityCurves = { equity: [], drawdown: [] };
  /** What the series hold. */
  #painted: PaintedSeries | null = null;
  #cursor: number | null = null;

  constructor(options: ChartViewOptions) {
    const { container, toggles, data, frame, onPoint, onPick } = options;
    this.#container = container;
    this.#toggles = toggles;
    this.#picture = { data, frame };
    this.#theme = readChartTheme(container);
    this.#parts = createParts(container, options);
    this.#overlay = new OverlayPrimitive({
      data,
      frame,
      toggles,
      theme: this.#theme,
      selected: null,
    });
    this.#parts.candles.attachPrimitive(this.#overlay);
    const { chart } = this.#parts;
    chart.subscribeCrosshairMove(({ time, sourceEvent }) => {
      // Without an event it was the keyboard's doing, which tells for itself.
      if (sourceEvent === undefined && time !== undefined) return;
      onPoint(time === undefined ? null : this.#candleAt(Number(time)));
    });
    chart.subscribeClick((click) => {
      const { time, point, paneIndex, hoveredInfo } = click;
      const hit = hoveredInfo?.objectId ??
        (point === undefined || paneIndex !== 0
          ? undefined
          : this.#overlay.hitTest(point.x, point.y)?.externalId);
      onPick({
        id: typeof hit === "string" ? hit : null,
        candle: time === undefined ? null : this.#candleAt(Number(time)),
      });
    });
    chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && range.from < BEGINNING_CANDLES) {
        options.onBeginning();
      }
    });
    this.applyTheme();
    this.show(this.#picture);
    this.showRange(0);
  }

  /** Equity and drawdown as they are drawn. */
  get curves(): EquityCurves {
    return this.#curves;
  }

  /** Shows newer data, or another timeframe; what is in view stays or follows the newest candle. */
  show(picture: ChartPicture): void {
    const { data: before } = this.#picture;
    const isMarked = before.trades !== picture.data.trades ||
      before.decisions !== picture.data.decisions ||
      this.#picture.frame !== picture.frame;
    this.#picture = picture;
    const { data, frame } = picture;
    if (this.#painted === null) {
      this.#parts.candles.applyOptions(priceScaleOf(frame.candles));
    }
    if (this.#cursor !== null && this.#cursor >= frame.candles.length) {
      this.#cursor = null;
    }
    this.#paint();
    if (isMarked) this.#parts.markers.setMarkers(this.#markersOf());
    this.#overlay.update({ data, frame });
  }

  /** Shows or hides kinds of overlay. */
  setToggles(toggles: ChartToggles): void {
    this.#toggles = toggles;
    this.#overlay.update({ toggles });
    this.#parts.markers.setMarkers(this.#markersOf());
  }

  /** Makes one object stand out, or none. */
  select(id: string | null): void {
    this.#overlay.update({ selected: id });
  }

  /** Takes the colours of the page again. */
  applyTheme(): void {
    this.#theme = readChartTheme(this.#container);
    paintParts(this.#parts, this.#theme);
    this.#overlay.update({ theme: this.#theme });
    // Bars and markers carry their colours.
    this.#painted = null;
    this.#paint();
    this.#parts.markers.setMarkers(this.#markersOf());
  }

  /** The candle that the keys are on: by `by` from the last one, or from the newest. */
  step(by: number, series: SeriesName): ShownCandle | null {
    const { candles } = this.#picture.frame;
    const from = this.#cursor ?? candles.length - 1;
    return this.goTo(from + by, series);
  }

  /** Moves the crosshair onto a candle by its index, which is kept within the chart. */
  goTo(index: number, series: SeriesName): ShownCandle | null {
    const { candles } = this.#picture.frame;
    this.#cursor = Math.min(candles.length - 1, Math.max(0, index));
    const candle = candles[this.#cursor];
    if (candle === undefined) return null;
    this.#parts.chart.setCrosshairPosition(
      this.#heightOf(candle, series),
      toTime(candle.openAt),
      seriesOf(this.#parts, series),
    );
    this.#scrollTo(this.#cursor);
    return candle;
  }

  /** Shows more (`factor` > 1) or fewer candles. */
  zoom(factor: number): void {
    const scale = this.#parts.chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    if (range === null) return;
    const width = (range.to - range.from) * factor;
    scale.setVisibleLogicalRange({ from: range.to - width, to: range.to });
  }

  /** Brings the newest candles into view: so much time, or as many as can be read well for 0. */
  showRange(rangeMs: number): void {
    this.#cursor = null;
    this.#parts.chart.clearCrosshairPosition();
    const { candles } = this.#picture.frame;
    const count = candles.length;
    const last = candles.at(-1);
    if (last === undefined) return;
    const from = rangeMs === 0
      ? Math.max(0, count - VISIBLE_CANDLES)
      : Math.max(0, indexAt(candles, last.openAt - rangeMs) + 1);
    this.#parts.chart.timeScale().setVisibleLogicalRange({
      from: from - 0.5,
      to: count + Math.max(RIGHT_CANDLES, (count - from) / 12),
    });
  }

  /** Takes the chart out of the page. */
  destroy(): void {
    this.#parts.chart.remove();
  }

  #paint(): void {
    const { data, frame } = this.#picture;
    const curves = equityCurves(frame, data.equity);
    this.#curves = curves;
    const next = { candles: frame.candles, curves };
    paintSeries(this.#parts, {
      known: this.#painted,
      next,
      theme: this.#theme,
    });
    this.#painted = next;
  }

  #markersOf(): SeriesMarker<Time>[] {
    return chartMarkers(this.#picture, { ...this.#theme, ...this.#toggles });
  }

  #candleAt(seconds: number): ShownCandle | null {
    const { candles } = this.#picture.frame;
    return candles[indexAt(candles, seconds * 1_000)] ?? null;
  }

  #heightOf(candle: ShownCandle, series: SeriesName): number {
    const { openAt, close, volume } = candle;
    if (series === "price") return close;
    if (series === "volume") return volume;
    return valueAt(this.#curves[series], openAt) ?? 0;
  }

  #scrollTo(index: number): void {
    const scale = this.#parts.chart.timeScale();
    const range = scale.getVisibleLogicalRange();
    if (range === null || (index >= range.from && index <= range.to)) return;
    const width = range.to - range.from;
    const from = index < range.from ? index : index - width;
    scale.setVisibleLogicalRange({ from, to: from + width });
  }
}
