/**
 * Draws what the detector found onto the candles: boxes, gaps, structure lines
 * and sweep rings. Labels stand outside at the right end; where two would
 * overlap the older one is left out.
 *
 * @module
 */
import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  PrimitivePaneViewZOrder,
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
import type { Bias } from "../../contracts/pattern.ts";
import { indexAt } from "./chart_data.ts";
import type { ChartTheme } from "./chart_theme.ts";

/** Which kinds of overlay are shown. */
export interface OverlayToggles {
  orderBlocks: boolean;
  gaps: boolean;
  structure: boolean;
  sweeps: boolean;
}

type DrawTarget = Parameters<IPrimitivePaneRenderer["draw"]>[0];

interface Label {
  text: string;
  x: number;
  y: number;
  color: string;
}

const LABEL_FONT = "11px system-ui, sans-serif";
const LABEL_HEIGHT = 14;
/** Open zones reach this many candles beyond the last one. */
const OPEN_ZONE_CANDLES = 3;

/** The overlays of one series. */
export class OverlayPrimitive implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #series: ISeriesApi<"Candlestick"> | null = null;
  #requestUpdate: () => void = () => {};
  #candles: readonly Candle[] = [];
  #overlays: OverlayView = { zones: [], structure: [], sweeps: [], swings: [] };
  #toggles: OverlayToggles = {
    orderBlocks: true,
    gaps: true,
    structure: true,
    sweeps: true,
  };
  #theme: ChartTheme;
  readonly #views: readonly IPrimitivePaneView[];

  constructor(theme: ChartTheme) {
    this.#theme = theme;
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
      toggles?: OverlayToggles;
      theme?: ChartTheme;
    },
  ): void {
    this.#candles = change.candles ?? this.#candles;
    this.#overlays = change.overlays ?? this.#overlays;
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
    labels.push({
      text: `${name} ${arrow(mark.bias)}`,
      x: to + 4,
      y: y - mark.bias * (LABEL_HEIGHT / 2 + 1),
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

function view(
  order: PrimitivePaneViewZOrder,
  draw: (context: CanvasRenderingContext2D) => void,
): IPrimitivePaneView {
  const renderer: IPrimitivePaneRenderer = {
    draw: (target: DrawTarget) =>
      target.useMediaCoordinateSpace(({ context }) => draw(context)),
  };
  return { zOrder: () => order, renderer: () => renderer };
}

function line(
  context: CanvasRenderingContext2D,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  context.beginPath();
  context.moveTo(fromX, Math.round(fromY) + 0.5);
  context.lineTo(toX, Math.round(toY) + 0.5);
  context.stroke();
}

function arrow(bias: Bias): string {
  return bias === 1 ? "▲" : "▼";
}

/** Draws labels from the newest (rightmost) on; one that would cover another is left out. */
function drawLabels(
  context: CanvasRenderingContext2D,
  labels: readonly Label[],
  background: string,
): void {
  context.font = LABEL_FONT;
  context.textBaseline = "middle";
  const taken: { x: number; y: number; width: number }[] = [];
  for (const { text, x, y, color } of [...labels].sort((a, b) => b.x - a.x)) {
    const width = context.measureText(text).width + 4;
    const overlaps = taken.some((other) =>
      x < other.x + other.width && other.x < x + width &&
      Math.abs(other.y - y) < LABEL_HEIGHT
    );
    if (overlaps) continue;
    taken.push({ x, y, width });
    context.globalAlpha = 0.75;
    context.fillStyle = background;
    context.fillRect(x - 2, y - LABEL_HEIGHT / 2, width, LABEL_HEIGHT);
    context.globalAlpha = 1;
    context.fillStyle = color;
    context.fillText(text, x, y);
  }
}
