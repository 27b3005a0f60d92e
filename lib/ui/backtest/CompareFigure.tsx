import type { BacktestReport } from "../../contracts/backtest_report.ts";
import { Card } from "../Card.tsx";
import { formatPercent, formatUtcDay } from "../format.ts";
import { comparedCurves } from "./compare.ts";
import { CURVE } from "./curve.ts";

/** The returns of runs in one picture: every line has its colour, its dashes and its name. */
export function CompareFigure(
  { runs }: {
    runs: readonly { id: string; label: string; report: BacktestReport }[];
  },
) {
  const curves = comparedCurves(runs.map(({ report }) => report));
  if (curves === null) return null;
  const { lines, lowPct, highPct, zeroY, firstAt, lastAt } = curves;
  const percent = (value: number | null) =>
    formatPercent(value, { digits: 1, signed: true });
  const summary = `Returns from ${formatUtcDay(firstAt)} to ${
    formatUtcDay(lastAt)
  } at the end: ${
    runs.map(({ label, report }) =>
      `${label} ${percent(report.summary.returnPct)}`
    ).join(", ")
  }.`;
  const { width, height } = CURVE;
  return (
    <Card title="Returns on one scale">
      <figure class="curve" data-testid="compare-figure">
        <ul class="plain-list compare-legend" aria-hidden="true">
          {runs.map(({ id, label, report }, index) => (
            <li key={id}>
              <svg viewBox="0 0 28 8" width="28" height="8">
                <line
                  class={`compare-line compare-line-${index + 1}`}
                  x1="0"
                  x2="28"
                  y1="4"
                  y2="4"
                />
              </svg>
              {label}{" "}
              <span class="muted">{percent(report.summary.returnPct)}</span>
            </li>
          ))}
        </ul>
        <div class="curve-plot">
          <span class="curve-label curve-top">{percent(highPct)}</span>
          <span class="curve-label curve-bottom">{percent(lowPct)}</span>
          <svg
            class="curve-svg"
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={summary}
          >
            <line
              class="curve-capital"
              x1="0"
              x2={width}
              y1={zeroY}
              y2={zeroY}
            />
            {lines.map((points, index) =>
              points !== null && (
                <polyline
                  key={runs[index]!.id}
                  class={`compare-line compare-line-${index + 1}`}
                  points={points}
                />
              )
            )}
          </svg>
        </div>
        <div class="curve-dates">
          <span>{formatUtcDay(firstAt)}</span>
          <span class="curve-key">
            dashed grey: no gain · each over its own capital
          </span>
          <span>{formatUtcDay(lastAt)}</span>
        </div>
        <figcaption class="chart-summary">{summary}</figcaption>
      </figure>
    </Card>
  );
}
