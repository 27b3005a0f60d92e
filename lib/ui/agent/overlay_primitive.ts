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
  PrimitiveHoveredItem,
  SeriesAttachedParameter,
  Time,
} from "lightweight-charts";
import type {
  ChartResponse,
  StructureView,
  SweepView,
  ZoneView,
} from "../../contracts/chart.ts";
import type { Bias } from "../../contracts/pattern.ts";
import { arrow, line, view } from "./chart_canvas.ts";
import type { ChartToggles } from "./chart_choice.ts";
import type { ChartFrame } from "./chart_frame.ts";
import {
  drawLabels,
  type Label,
  LABEL_HEIGHT,
  textWidth,
} from "./chart_labels.ts";
import { objectIds } from "./chart_objects.ts";
import type { ChartTheme } from "./chart_theme.ts";
import {
  isOnBox,
  isOnStroke,
  OverlayGeometry,
  RING_REACH,
} from "./overlay_geometry.ts";
import { decisionLabels, tradeLabels } from "./trade_labels.ts";

const RING_RADIUS = 4.5;
/** An ended zone steps back behind the candles, yet is still told from the background. */
const ENDED_ALPHA = 0.55;

/** What is drawn, how, and what of it stands out. */
export interface OverlayState {
  data: ChartResponse;
  frame: ChartFrame;
  toggles: ChartToggles;
  theme: ChartTheme;
  /** Id of the object that is looked at, or null. */
  selected: string | null;
}

/** The overlays of one series. */
export class OverlayPrimitive implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #series: ISeriesApi<"Candlestick"> | null = null;
  #requestUpdate: () => void = () => {};
  #state: OverlayState;
  readonly #views: readonly IPrimitivePaneView[];

  constructor(state: OverlayState) {
    this.#state = state;
    this.#views = [
      view("bottom", (context) => this.#drawZones(context)),
      // Not on the topmost layer, which is drawn anew whenever the pointer moves.
      view("normal", (context) => this.#drawMarks(context)),
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
  update(change: Partial<OverlayState>): void {
    this.#state = { ...this.#state, ...change };
    this.#requestUpdate();
  }

  /** What is at a point: of several the smallest target, of zones the lowest. */
  hitTest(x: number, y: number): PrimitiveHoveredItem | null {
    const places = this.#places();
    if (places === null) return null;
    const id = this.#ringAt(places, x, y) ?? this.#strokeAt(places, x, y) ??
      this.#boxAt(places, x, y);
    return id === null
      ? null
      : { externalId: id, zOrder: "top", cursorStyle: "pointer" };
  }

  #ringAt(places: OverlayGeometry, x: number, y: number): string | null {
    const hit = this.#sweeps.findLast((sweep) => {
      const ring = places.ringOf(sweep);
      return ring !== null && Math.hypot(ring.x - x, ring.y - y) <= RING_REACH;
    });
    return hit === undefined ? null : objectIds.sweep(hit);
  }

  #strokeAt(places: OverlayGeometry, x: number, y: number): string | null {
    const hit = this.#structure.findLast((mark) => {
      const stroke = places.strokeOf(mark);
      return stroke !== null && isOnStroke(stroke, x, y);
    });
    return hit === undefined ? null : objectIds.structure(hit);
  }

  #boxAt(places: OverlayGeometry, x: number, y: number): string | null {
    let found: { id: string; height: number } | null = null;
    for (const zone of this.#zones) {
      const box = places.boxOf(zone);
      if (box === null || !isOnBox(box, x, y)) continue;
      if (found === null || box.height <= found.height) {
        found = { id: objectIds.zone(zone), height: box.height };
      }
    }
    return found?.id ?? null;
  }

  get #zones(): readonly ZoneView[] {
    const { data, toggles } = this.#state;
    return data.overlays.zones.filter(({ kind }) =>
      kind === "order_block" ? toggles.orderBlocks : toggles.gaps
    );
  }

  get #structure(): readonly StructureView[] {
    const { data, toggles } = this.#state;
    return toggles.structure ? data.overlays.structure : [];
  }

  get #sweeps(): readonly SweepView[] {
    const { data, toggles } = this.#state;
    return toggles.sweeps ? data.overlays.sweeps : [];
  }

  #places(): OverlayGeometry | null {
    return this.#chart === null || this.#series === null ||
        this.#state.frame.candles.length === 0
      ? null
      : new OverlayGeometry({
        chart: this.#chart,
        series: this.#series,
        frame: this.#state.frame,
      });
  }

  #drawZones(context: CanvasRenderingContext2D): void {
    const places = this.#places();
    if (places === null) return;
    const { up, down, upFill, downFill, upWeak, downWeak } = this.#state.theme;
    for (const zone of this.#zones) {
      const box = places.boxOf(zone);
      if (box === null) continue;
      const isBlock = zone.kind === "order_block";
      const isBull = zone.bias === 1;
      const hasEnded = zone.state === "ended";
      if (!hasEnded) {
        context.fillStyle = isBlock
          ? (isBull ? upFill : downFill)
          : (isBull ? upWeak : downWeak);
        context.fillRect(box.x, box.y, box.width, box.height);
      }
      const isSelected = this.#state.selected === objectIds.zone(zone);
      context.globalAlpha = hasEnded && !isSelected ? ENDED_ALPHA : 1;
      context.strokeStyle = isBull ? up : down;
      context.lineWidth = isSelected ? 3 : 1;
      context.setLineDash(isBlock ? [] : [4, 3]);
      context.strokeRect(box.x + 0.5, box.y + 0.5, box.width, box.height);
      if (!isBlock && !hasEnded) {
        context.lineWidth = 1;
        const middle = box.y + box.height / 2;
        line(context, box.x, middle, box.x + box.width, middle);
      }
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  #drawMarks(context: CanvasRenderingContext2D): void {
    const places = this.#places();
    if (places === null) return;
    const labels: Label[] = [];
    for (const mark of this.#structure) {
      this.#drawStructure(context, { mark, places, labels });
    }
    for (const sweep of this.#sweeps) {
      this.#drawSweep(context, { sweep, places, labels });
    }
    for (const zone of this.#zones) {
      const box = zone.state === "ended" ? null : places.boxOf(zone);
      if (box === null) continue;
      const name = zone.kind === "order_block" ? "OB" : "FVG";
      labels.push({
        text: `${name} ${arrow(zone.bias)}`,
        x: box.x + box.width + 4,
        y: box.y + box.height / 2,
        color: this.#colorOf(zone.bias),
        at: zone.fromAt,
      });
    }
    const { toggles } = this.#state;
    if (toggles.trades) labels.push(...tradeLabels(this.#state, places));
    if (toggles.decisions) labels.push(...decisionLabels(this.#state, places));
    drawLabels(context, labels, this.#state.theme.canvas);
  }

  #drawStructure(
    context: CanvasRenderingContext2D,
    { mark, places, labels }: {
      mark: StructureView;
      places: OverlayGeometry;
      labels: Label[];
    },
  ): void {
    const stroke = places.strokeOf(mark);
    if (stroke === null) return;
    const { fromX, toX, y } = stroke;
    const color = this.#colorOf(mark.bias);
    context.strokeStyle = color;
    context.lineWidth = this.#state.selected === objectIds.structure(mark)
      ? 3
      : 1;
    context.setLineDash(mark.kind === "bos" ? [] : [5, 4]);
    line(context, fromX, y, toX, y);
    context.setLineDash([]);
    const text = `${mark.kind === "bos" ? "BOS" : "CHoCH"} ${arrow(mark.bias)}`;
    // Over the middle of the line: until the break the price was on its other side.
    labels.push({
      text,
      x: (fromX + toX) / 2 - textWidth(context, text) / 2,
      y: y - mark.bias * (LABEL_HEIGHT / 2 + 2),
      color,
      at: mark.toAt,
    });
  }

  #drawSweep(
    context: CanvasRenderingContext2D,
    { sweep, places, labels }: {
      sweep: SweepView;
      places: OverlayGeometry;
      labels: Label[];
    },
  ): void {
    const ring = places.ringOf(sweep);
    if (ring === null) return;
    const { accent } = this.#state.theme;
    context.strokeStyle = accent;
    context.lineWidth = this.#state.selected === objectIds.sweep(sweep)
      ? 3
      : 1.5;
    context.beginPath();
    context.arc(ring.x, ring.y, RING_RADIUS, 0, Math.PI * 2);
    context.stroke();
    labels.push({
      text: "Sweep",
      x: ring.x + 8,
      y: ring.y + sweep.bias * LABEL_HEIGHT / 2,
      color: accent,
      at: sweep.at,
    });
  }

  #colorOf(bias: Bias): string {
    return bias === 1 ? this.#state.theme.up : this.#state.theme.down;
  }
}
