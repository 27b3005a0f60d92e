/**
 * Draws what the detector found onto the candles: boxes, gaps, structure lines
 * and sweep rings. Labels stand outside at the right end; where two would
 * overlap the older one is left out.
 *
 * @module
 */
import type {
  IChartApi,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  SeriesAttachedParameter,
  Time,
} from "lightweight-charts";
import type { Candle } from "../../contracts/candle.ts";
import type {
  OverlayView,
  StructureView,
  SweepView,
  ZoneView,
} from "../../contracts/chart.ts";
import type { Trade } from "../../contracts/order.ts";
import type { Bias } from "../../contracts/pattern.ts";
import { formatDecimal } from "../format.ts";
import { arrow, line, view } from "./chart_canvas.ts";
import { indexAt } from "./chart_data.ts";
import {
  drawLabels,
  type Label,
  LABEL_HEIGHT,
  textWidth,
} from "./chart_labels.ts";
import type { ChartTheme } from "./chart_theme.ts";

/** Which kinds of overlay are shown. */
export interface OverlayToggles {
  orderBlocks: boolean;
  gaps: boolean;
  structure: boolean;
  sweeps: boolean;
  trades: boolean;
}

/** Open zones reach this many candles beyond the last one. */
const OPEN_ZONE_CANDLES = 3;

/** The overlays of one series. */
export class OverlayPrimitive implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #series: ISeriesApi<"Candlestick"> | null = null;
  #requestUpdate: () => void = () => {};
  #candles: readonly Candle[] = [];
  #overlays: OverlayView = { zones: [], structure: [], sweeps: [], swings: [] };
  #trades: readonly Trade[] = [];
  #toggles: OverlayToggles;
  #theme: ChartTheme;
  readonly #views: readonly IPrimitivePaneView[];

  constructor(theme: ChartTheme, toggles: OverlayToggles) {
    this.#theme = theme;
    this.#toggles = toggles;
    this.#views = [
      view("bottom", (context) => this.#drawZones(context)),
      view("top", (context) => this.#drawMarks(context)),
    ];
  }

  attached(
    { chart, series, requestUpdate }: SeriesAttachedParameter<Time>,
  ): void {
    this.#chart = chart as IChartApi;
    this.#series = series as ISeriesApi<"Candlestick">;
    this.#requestUpdate = requestUpdate;
  }

  detached(): void {
    this.#chart = null;
    this.#series = null;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  /** New data, settings or colours; what is not given stays. */
  update(
    change: {
      candles?: readonly Candle[];
      overlays?: OverlayView;
      trades?: readonly Trade[];
      toggles?: OverlayToggles;
      theme?: ChartTheme;
    },
  ): void {
    this.#candles = change.candles ?? this.#candles;
    this.#overlays = change.overlays ?? this.#overlays;
    this.#trades = change.trades ?? this.#trades;
    this.#toggles = change.toggles ?? this.#toggles;
    this.#theme = change.theme ?? this.#theme;
    this.#requestUpdate();
  }

  get #zones(): ZoneView[] {
    return this.#overlays.zones.filter(({ kind }) =>
      kind === "order_block" ? this.#toggles.orderBlocks : this.#toggles.gaps
    );
  }

  #drawZones(context: CanvasRenderingContext2D): void {
    for (const zone of this.#zones) {
      const box = this.#boxOf(zone);
      if (box === null) continue;
      const { up, down, upFill, downFill, upWeak, downWeak } = this.#theme;
      const isBlock = zone.kind === "order_block";
      const bull = zone.bias === 1;
      if (zone.state !== "ended") {
        context.fillStyle = isBlock
          ? (bull ? upFill : downFill)
          : (bull ? upWeak : downWeak);
        context.fillRect(box.x, box.y, box.width, box.height);
      }
      context.globalAlpha = zone.state === "ended" ? 0.28 : 1;
      context.strokeStyle = bull ? up : down;
      context.lineWidth = 1;
      context.setLineDash(isBlock ? [] : [4, 3]);
      context.strokeRect(box.x + 0.5, box.y + 0.5, box.width, box.height);
      if (!isBlock && zone.state !== "ended") {
        line(
          context,
          box.x,
          box.y + box.height / 2,
          box.x + box.width,
          box.y + box.height / 2,
        );
      }
      context.setLineDash([]);
      context.globalAlpha = 1;
    }
  }

  #drawMarks(context: CanvasRenderingContext2D): void {
    const labels: Label[] = [];
    if (this.#toggles.structure) {
      for (const mark of this.#overlays.structure) {
        this.#drawStructure(context, mark, labels);
      }
    }
    if (this.#toggles.sweeps) {
      for (const sweep of this.#overlays.sweeps) {
        this.#drawSweep(context, sweep, labels);
      }
    }
    for (const zone of this.#zones) {
      const box = this.#boxOf(zone);
      if (box === null || zone.state === "ended") continue;
      const name = zone.kind === "order_block" ? "OB" : "FVG";
      labels.push({
        text: `${name} ${arrow(zone.bias)}`,
        x: box.x + box.width + 4,
        y: box.y + box.height / 2,
        color: this.#colorOf(zone.bias),
      });
    }
    if (this.#toggles.trades) {
      for (const trade of this.#trades) this.#labelTrade(trade, labels);
    }
    drawLabels(context, labels, this.#theme.canvas);
  }

  #drawStructure(
    context: CanvasRenderingContext2D,
    mark: StructureView,
    labels: Label[],
  ): void {
    const from = this.#xOf(mark.fromAt);
    const to = this.#xOf(mark.toAt);
    const y = this.#series?.priceToCoordinate(mark.price) ?? null;
    if (from === null || to === null || y === null) return;
    const color = this.#colorOf(mark.bias);
    context.strokeStyle = color;
    context.lineWidth = 1;
    context.setLineDash(mark.kind === "bos" ? [] : [5, 4]);
    line(context, from, y, to, y);
    context.setLineDash([]);
    const name = mark.kind === "bos" ? "BOS" : "CHoCH";
    const text = `${name} ${arrow(mark.bias)}`;
    // Over the middle of the line: until the break the price was on its other side.
    labels.push({
      text,
      x: Math.min(to, Math.max((from + to) / 2, from)) -
        textWidth(context, text) / 2,
      y: y - mark.bias * (LABEL_HEIGHT / 2 + 2),
      color,
    });
  }

  #drawSweep(
    context: CanvasRenderingContext2D,
    sweep: SweepView,
    labels: Label[],
  ): void {
    const x = this.#xOf(sweep.at);
    const candle = this.#candles[indexAt(this.#candles, sweep.at)];
    if (x === null || candle === undefined) return;
    const price = sweep.bias === 1 ? candle.low : candle.high;
    const y = this.#series?.priceToCoordinate(price) ?? null;
    if (y === null) return;
    context.strokeStyle = this.#theme.accent;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, 4.5, 0, Math.PI * 2);
    context.stroke();
    labels.push({
      text: "Sweep",
      x: x + 8,
      y: y + sweep.bias * LABEL_HEIGHT / 2,
      color: this.#theme.accent,
    });
  }

  #labelTrade(trade: Trade, labels: Label[]): void {
    const candle = this.#candles[trade.exitSeq - (this.#candles[0]?.seq ?? 0)];
    if (candle === undefined) return;
    const x = this.#xOf(candle.openAt);
    // The marker of an exit stands on the winning side of the candle.
    const isLong = trade.direction === "long";
    const y =
      this.#series?.priceToCoordinate(isLong ? candle.high : candle.low) ??
        null;
    if (x === null || y === null) return;
    labels.push({
      text: `${formatDecimal(trade.resultR, { digits: 1, signed: true })} R`,
      x: x - 12,
      y: y + (isLong ? -1 : 1) * LABEL_HEIGHT * 2,
      color: trade.netPnl.startsWith("-") ? this.#theme.down : this.#theme.up,
    });
  }

  #boxOf(
    zone: ZoneView,
  ): { x: number; y: number; width: number; height: number } | null {
    const from = this.#xOf(zone.fromAt);
    const to = zone.toAt === null
      ? this.#xAt(this.#candles.length - 1 + OPEN_ZONE_CANDLES)
      : this.#xOf(zone.toAt);
    const top = this.#series?.priceToCoordinate(zone.top) ?? null;
    const bottom = this.#series?.priceToCoordinate(zone.bottom) ?? null;
    if (from === null || to === null || top === null || bottom === null) {
      return null;
    }
    return {
      x: from,
      y: top,
      width: Math.max(2, to - from),
      height: Math.max(2, bottom - top),
    };
  }

  #xOf(at: number): number | null {
    return this.#xAt(Math.max(0, indexAt(this.#candles, at)));
  }

  #xAt(index: number): number | null {
    const scale = this.#chart?.timeScale();
    return scale?.logicalToCoordinate(
      index as Parameters<typeof scale.logicalToCoordinate>[0],
    ) ??
      null;
  }

  #colorOf(bias: Bias): string {
    return bias === 1 ? this.#theme.up : this.#theme.down;
  }
}
