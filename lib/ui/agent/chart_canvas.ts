/** Small helpers for drawing onto the chart. */
import type {
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  PrimitivePaneViewZOrder,
} from "lightweight-charts";
import type { Bias } from "../../contracts/pattern.ts";

type DrawTarget = Parameters<IPrimitivePaneRenderer["draw"]>[0];

/** A layer of a primitive: below or above the candles. */
export function view(
  order: PrimitivePaneViewZOrder,
  draw: (context: CanvasRenderingContext2D) => void,
): IPrimitivePaneView {
  const renderer: IPrimitivePaneRenderer = {
    draw: (target: DrawTarget) =>
      target.useMediaCoordinateSpace(({ context }) => draw(context)),
  };
  return { zOrder: () => order, renderer: () => renderer };
}

/** A straight line, crisp on whole pixels. */
export function line(
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

/** The sign of a direction, beside its word. */
export function arrow(bias: Bias): string {
  return bias === 1 ? "▲" : "▼";
}
