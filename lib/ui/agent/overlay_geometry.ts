/**
 * Where the overlays stand on the chart, in pixels, and which of them is at a
 * point.
 *
 * @module
 */
import type { IChartApi, ISeriesApi, Time } from "lightweight-charts";
import type {
  StructureView,
  SweepView,
  ZoneView,
} from "../../contracts/chart.ts";
import { type ChartFrame, indexAt } from "./chart_frame.ts";

/** Open zones reach this many candles beyond the last one. */
const OPEN_ZONE_CANDLES = 3;
/** A ring is hit this far from its middle, in pixels: half of the smallest target. */
export const RING_REACH = 12;
/** A line is hit this far from it, in pixels. */
export const LINE_REACH = 8;

/** A rectangle on the chart, in pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A horizontal line, in pixels. */
export interface Stroke {
  fromX: number;
  toX: number;
  y: number;
}

/** Turns times and prices of one frame into places; null for what is not in sight. */
export class OverlayGeometry {
  readonly #chart: IChartApi;
  readonly #series: ISeriesApi<"Candlestick", Time>;
  readonly #frame: ChartFrame;
  readonly #width: number;

  constructor(
    { chart, series, frame }: {
      chart: IChartApi;
      series: ISeriesApi<"Candlestick", Time>;
      frame: ChartFrame;
    },
  ) {
    this.#chart = chart;
    this.#series = series;
    this.#frame = frame;
    this.#width = chart.timeScale().width();
  }

  boxOf(zone: ZoneView): Box | null {
    const { candles } = this.#frame;
    const from = this.xOf(zone.fromAt);
    const to = zone.toAt === null
      ? this.#xAt(candles.length - 1 + OPEN_ZONE_CANDLES)
      : this.xOf(zone.toAt);
    if (from === null || to === null || !this.#isInSight(from, to)) return null;
    const top = this.yOf(zone.top);
    const bottom = this.yOf(zone.bottom);
    if (top === null || bottom === null) return null;
    return {
      x: from,
      y: top,
      width: Math.max(2, to - from),
      height: Math.max(2, bottom - top),
    };
  }

  strokeOf({ fromAt, toAt, price }: StructureView): Stroke | null {
    const fromX = this.xOf(fromAt);
    const toX = this.xOf(toAt);
    if (fromX === null || toX === null || !this.#isInSight(fromX, toX)) {
      return null;
    }
    const y = this.yOf(price);
    return y === null ? null : { fromX, toX, y };
  }

  /** Middle of the ring at the wick: of the agent's candle, whatever the timeframe. */
  ringOf({ at, bias }: SweepView): { x: number; y: number } | null {
    const { base } = this.#frame;
    const candle = base[indexAt(base, at)];
    const x = this.xOf(at);
    if (candle === undefined || x === null || !this.#isInSight(x, x)) {
      return null;
    }
    const y = this.yOf(bias === 1 ? candle.low : candle.high);
    return y === null ? null : { x, y };
  }

  /** The middle of the candle that is open at a time; of the first one for what was before. */
  xOf(at: number): number | null {
    return this.#xAt(Math.max(0, indexAt(this.#frame.candles, at)));
  }

  yOf(price: number): number | null {
    return this.#series.priceToCoordinate(price);
  }

  #xAt(index: number): number | null {
    const scale = this.#chart.timeScale();
    return scale.logicalToCoordinate(
      index as Parameters<typeof scale.logicalToCoordinate>[0],
    );
  }

  #isInSight(fromX: number, toX: number): boolean {
    return toX >= -RING_REACH && fromX <= this.#width + RING_REACH;
  }
}

/** Whether a point is on a box. */
export function isOnBox(box: Box, x: number, y: number): boolean {
  // A box may be lower than a finger.
  const reach = Math.max(0, RING_REACH - box.height / 2);
  return x >= box.x && x <= box.x + box.width &&
    y >= box.y - reach && y <= box.y + box.height + reach;
}

/** Whether a point is on a line. */
export function isOnStroke(stroke: Stroke, x: number, y: number): boolean {
  return x >= stroke.fromX && x <= stroke.toX &&
    Math.abs(y - stroke.y) <= LINE_REACH;
}
