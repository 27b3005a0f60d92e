import type { ReportPoint } from "../../contracts/backtest_report.ts";

/** Coordinates of the pictures; the browser stretches them to the page. */
export const CURVE = { width: 1_000, height: 260, waterHeight: 90 } as const;

/** A curve ready to be drawn. */
export interface Curve {
  /** Points of the equity line. */
  equity: string;
  /** Points of the drawdown line; 0 is at the top. */
  drawdown: string;
  low: number;
  high: number;
  /** Height of the line of the initial capital. */
  capitalY: number;
  deepestPct: number;
}

/** Places the points of a curve by time. Null with fewer than two points. */
export function curveOf(
  points: readonly ReportPoint[],
  initialCapital: number,
): Curve | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) {
    return null;
  }
  let low = initialCapital;
  let high = initialCapital;
  let deepestPct = 0;
  for (const { equity, drawdownPct } of points) {
    low = Math.min(low, Number(equity));
    high = Math.max(high, Number(equity));
    deepestPct = Math.min(deepestPct, drawdownPct);
  }
  const room = (high - low || initialCapital) * 0.06;
  low -= room;
  high += room;
  const span = last.at - first.at || 1;
  const depth = Math.min(-1, deepestPct);
  const xOf = (at: number) => round((at - first.at) / span * CURVE.width);
  const yOf = (value: number) =>
    round(CURVE.height * (1 - (value - low) / (high - low)));
  return {
    equity: points.map(({ at, equity }) => `${xOf(at)},${yOf(Number(equity))}`)
      .join(" "),
    drawdown: points.map(({ at, drawdownPct }) =>
      `${xOf(at)},${round(drawdownPct / depth * CURVE.waterHeight)}`
    ).join(" "),
    low,
    high,
    capitalY: yOf(initialCapital),
    deepestPct,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
