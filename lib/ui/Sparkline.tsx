import type { EquityPoint } from "../contracts/account.ts";
import { Unknown } from "./Amount.tsx";
import { formatMoney, formatPercent } from "./format.ts";

const WIDTH = 96;
const HEIGHT = 24;
const PAD = 2;

/** The points of a sparkline's line, in its own coordinates. Exported for tests. */
export function sparklinePoints(
  values: readonly number[],
): [x: number, y: number][] {
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  const step = (WIDTH - 2 * PAD) / Math.max(1, values.length - 1);
  return values.map((value, index) => [
    round(PAD + index * step),
    round(
      range === 0
        ? HEIGHT / 2
        : HEIGHT - PAD - (value - low) / range * (HEIGHT - 2 * PAD),
    ),
  ]);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A small equity line with its meaning in words. Painted by the server, needs no script. */
export function Sparkline(
  { points, unit }: {
    points: readonly Pick<EquityPoint, "equity">[];
    unit: string;
  },
) {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) {
    return <Unknown reason="Needs at least two points of equity" />;
  }
  // Only the drawing uses floats; every number that is read is formatted from its text.
  const start = Number(first.equity);
  const change = start === 0
    ? null
    : (Number(last.equity) - start) / start * 100;
  const line = sparklinePoints(points.map((point) => Number(point.equity)));
  const path = line.map(([x, y]) => `${x},${y}`).join(" ");
  const [endX, endY] = line.at(-1) ?? [0, 0];
  const tone = change === null || change === 0
    ? "flat"
    : change > 0
    ? "gain"
    : "loss";
  return (
    <svg
      class={`sparkline ${tone}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`Equity from ${formatMoney(first.equity, unit)} to ${
        formatMoney(last.equity, unit)
      }, ${formatPercent(change, { signed: true })}`}
    >
      <polygon
        points={`${PAD},${HEIGHT} ${path} ${endX},${HEIGHT}`}
        class="sparkline-fill"
      />
      <polyline points={path} class="sparkline-line" />
      <circle cx={endX} cy={endY} r="1.75" class="sparkline-end" />
    </svg>
  );
}
