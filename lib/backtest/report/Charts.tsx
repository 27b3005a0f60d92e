/**
 * Equity and drawdown over time. The lines are stretched to the width of the
 * page; texts and dots are placed by percentages, so they keep their size.
 *
 * @module
 */
import type { ReportPoint } from "../../contracts/backtest_report.ts";
import {
  formatDecimal,
  formatMoney,
  formatPercent,
  formatUtcDay,
} from "../../ui/format.ts";
import { placeOn, type Scale, scaleOf, type Tick, timeTicks } from "./scale.ts";

/** Side of the square that a stretched line is drawn in. */
const SIDE = 1_000;

interface LineChartProps {
  id: string;
  title: string;
  /** What the drawing shows, in figures. */
  description: string;
  height: number;
  scale: Scale;
  ticks: readonly Tick[];
  formatMark: (value: number) => string;
  /** Places from left and bottom, 0 to 1. */
  points: readonly (readonly [x: number, y: number])[];
  tone: "accent" | "down";
  /** Whether the area to the top, not to the bottom, is filled. */
  hangs?: boolean;
  /** A level with a dashed line, from the bottom. */
  level?: number;
  /** A point with a dot and its words. */
  mark?: { x: number; y: number; label: string };
}

function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}

function coordinates(points: LineChartProps["points"]): string {
  return points.map(([x, y]) =>
    `${Math.round(x * SIDE * 10) / 10} ${Math.round((1 - y) * SIDE * 10) / 10}`
  ).join("L");
}

function LineChart(props: LineChartProps) {
  const { id, scale, ticks, points, level, mark } = props;
  const line = coordinates(points);
  const [firstX, lastX] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];
  const edge = props.hangs ? 0 : SIDE;
  const area = `M${firstX * SIDE} ${edge}L${line}L${lastX * SIDE} ${edge}Z`;
  return (
    <svg
      class={`chart ${props.tone}`}
      width="100%"
      height={props.height}
      role="img"
      aria-labelledby={`${id}-svg-title ${id}-svg-desc`}
    >
      <title id={`${id}-svg-title`}>{props.title}</title>
      <desc id={`${id}-svg-desc`}>{props.description}</desc>
      {scale.marks.map((value) => {
        const y = percent(1 - placeOn(scale, value));
        return (
          <g key={value}>
            <line class="grid" x1="0" x2="100%" y1={y} y2={y} />
            <text x="-8" y={y} dy="0.32em" text-anchor="end">
              {props.formatMark(value)}
            </text>
          </g>
        );
      })}
      {ticks.map(({ place, label }, index) => (
        <g key={label} class={index % 2 === 1 ? "odd" : undefined}>
          <line
            class="grid"
            x1={percent(place)}
            x2={percent(place)}
            y1="0"
            y2="100%"
          />
          <text
            x={percent(place)}
            y="100%"
            dy="18"
            text-anchor={place > 0.97 ? "end" : "middle"}
          >
            {label}
          </text>
        </g>
      ))}
      <svg
        viewBox={`0 0 ${SIDE} ${SIDE}`}
        preserveAspectRatio="none"
        width="100%"
        height="100%"
      >
        <path class="area" d={area} />
        <path class="line" d={`M${line}`} vector-effect="non-scaling-stroke" />
      </svg>
      {level !== undefined && (
        <line
          class="level"
          x1="0"
          x2="100%"
          y1={percent(1 - level)}
          y2={percent(1 - level)}
        />
      )}
      {mark !== undefined && (
        <>
          <circle cx={percent(mark.x)} cy={percent(1 - mark.y)} r="3.5" />
          <text
            class="mark"
            x={percent(mark.x)}
            y={percent(1 - mark.y)}
            dx={mark.x > 0.5 ? -10 : 10}
            dy={mark.y > 0.5 ? 14 : -6}
            text-anchor={mark.x > 0.5 ? "end" : "start"}
          >
            {mark.label}
          </text>
        </>
      )}
    </svg>
  );
}

/** Equity with the initial capital, and how far it was below its highest. */
export function EquityCharts(
  { points, initialCapital, unit }: {
    points: readonly ReportPoint[];
    initialCapital: string;
    unit: string;
  },
) {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) {
    return (
      <p class="note">
        No curve: it needs at least two points of known equity.
      </p>
    );
  }
  const ticks = timeTicks({ from: first.at, to: last.at, count: 10 });
  const span = last.at - first.at || 1;
  const place = (at: number) => (at - first.at) / span;
  // Only the drawing uses floats; what is read is formatted from its text.
  const equities = points.map(({ equity }) => Number(equity));
  const capital = Number(initialCapital);
  const equityScale = scaleOf([...equities, capital], 5);
  const fallScale = scaleOf([
    0,
    ...points.map(({ drawdownPct }) => drawdownPct),
  ], 4);
  const deepest = points.reduce((lowest, point) =>
    point.drawdownPct < lowest.drawdownPct ? point : lowest
  );
  const highest = points[equities.indexOf(Math.max(...equities))]!;
  const lowest = points[equities.indexOf(Math.min(...equities))]!;
  const deepestText = `${
    formatPercent(deepest.drawdownPct, { digits: 2 })
  } on ${formatUtcDay(deepest.at)}`;
  return (
    <>
      <figure>
        <figcaption>
          Equity <span class="unit">{unit}</span>
          <span class="legend">
            <span class="dash" aria-hidden="true"></span>initial capital
          </span>
        </figcaption>
        <div class="plot">
          <LineChart
            id="equity"
            title="Equity over time"
            description={`From ${formatMoney(first.equity, unit)} on ${
              formatUtcDay(first.at)
            } to ${formatMoney(last.equity, unit)} on ${
              formatUtcDay(last.at)
            }. Highest ${formatMoney(highest.equity, unit)} on ${
              formatUtcDay(highest.at)
            }, lowest ${formatMoney(lowest.equity, unit)} on ${
              formatUtcDay(lowest.at)
            }.`}
            height={280}
            scale={equityScale}
            ticks={ticks}
            formatMark={(value) =>
              formatDecimal(value, { digits: equityScale.digits })}
            points={points.map((point, index) => [
              place(point.at),
              placeOn(equityScale, equities[index]!),
            ])}
            tone="accent"
            level={placeOn(equityScale, capital)}
          />
        </div>
      </figure>
      <figure>
        <figcaption>
          Under water <span class="unit">% below the highest equity</span>
        </figcaption>
        <div class="plot">
          <LineChart
            id="drawdown"
            title="Drawdown over time"
            description={`Deepest: ${deepestText}.`}
            height={150}
            scale={fallScale}
            ticks={ticks}
            formatMark={(value) =>
              formatPercent(value, { digits: fallScale.digits })}
            points={points.map((point) => [
              place(point.at),
              placeOn(fallScale, point.drawdownPct),
            ])}
            tone="down"
            hangs
            {...(deepest.drawdownPct < 0
              ? {
                mark: {
                  x: place(deepest.at),
                  y: placeOn(fallScale, deepest.drawdownPct),
                  label: deepestText,
                },
              }
              : {})}
          />
        </div>
      </figure>
    </>
  );
}
