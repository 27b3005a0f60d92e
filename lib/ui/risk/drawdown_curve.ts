import type { RiskDrawdown } from "../../contracts/fleet_risk.ts";

/** Coordinates of a picture; the browser stretches it to its card. */
export const WATER = { width: 300, height: 72 } as const;

/** A curve ready to be drawn: 0 is at the top, deeper is lower. */
export interface WaterCurve {
  /** Points of the line. */
  line: string;
  /** The area between it and the surface. */
  area: string;
  /** Height of the limit. */
  limitY: number;
  deepestPct: number;
}

/** Places the points of a curve by time. Null with fewer than two moments. */
export function waterCurve(
  { points, limitPct }: Pick<RiskDrawdown, "points" | "limitPct">,
): WaterCurve | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at) {
    return null;
  }
  const deepestPct = points.reduce(
    (deepest, { drawdownPct }) => Math.max(deepest, drawdownPct),
    0,
  );
  // A little room below the limit, so that its line is seen.
  const bottomPct = Math.max(limitPct, deepestPct) * 1.08;
  const yOf = (pct: number) => round(pct / bottomPct * WATER.height);
  const line = points.map(({ at, drawdownPct }) =>
    `${round((at - first.at) / (last.at - first.at) * WATER.width)},${
      yOf(drawdownPct)
    }`
  ).join(" ");
  return {
    line,
    area: `0,0 ${line} ${WATER.width},0`,
    limitY: yOf(limitPct),
    deepestPct,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
