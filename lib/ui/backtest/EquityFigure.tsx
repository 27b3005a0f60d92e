import type { BacktestReport } from "../../contracts/backtest_report.ts";
import { Card } from "../Card.tsx";
import { EmptyState } from "../Feedback.tsx";
import {
  formatDecimal,
  formatMoney,
  formatPercent,
  formatUtcDay,
  quoteOf,
} from "../format.ts";
import { CURVE, curveOf } from "./curve.ts";

/** Rows of the table that stands for the picture. */
const TABLE_ROWS = 24;

/** Equity over the initial capital, and the drawdown under water. Painted by the server, needs no script. */
export function EquityFigure({ report }: { report: BacktestReport }) {
  const { equity, config, data } = report;
  const unit = quoteOf(data.symbol);
  const curve = curveOf(equity, Number(config.risk.initialCapital));
  if (curve === null) {
    return (
      <Card title="Equity and drawdown">
        <EmptyState title="The run has no equity curve" />
      </Card>
    );
  }
  const first = equity[0]!;
  const last = equity.at(-1)!;
  const summary = `Equity from ${formatMoney(first.equity, unit)} on ${
    formatUtcDay(first.at)
  } to ${formatMoney(last.equity, unit)} on ${
    formatUtcDay(last.at)
  }; deepest drawdown of the curve ${formatPercent(curve.deepestPct)}.`;
  const { width, height, waterHeight } = CURVE;
  return (
    <Card title="Equity and drawdown">
      <figure class="curve" data-testid="equity-figure">
        <div class="curve-plot">
          <span class="curve-label curve-top">
            {formatDecimal(curve.high, { digits: 0 })}
          </span>
          <span class="curve-label curve-bottom">
            {formatDecimal(curve.low, { digits: 0 })}
          </span>
          <svg
            class="curve-svg"
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={summary}
          >
            <polygon
              class="curve-area"
              points={`0,${curve.capitalY} ${curve.equity} ${width},${curve.capitalY}`}
            />
            <line
              class="curve-capital"
              x1="0"
              x2={width}
              y1={curve.capitalY}
              y2={curve.capitalY}
            />
            <polyline class="curve-line" points={curve.equity} />
          </svg>
        </div>
        <div class="curve-plot curve-water">
          <span class="curve-label curve-top">0%</span>
          <span class="curve-label curve-bottom">
            {formatPercent(Math.min(-1, curve.deepestPct))}
          </span>
          <svg
            class="curve-svg"
            viewBox={`0 0 ${width} ${waterHeight}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <polygon
              class="curve-depth"
              points={`0,0 ${curve.drawdown} ${width},0`}
            />
          </svg>
        </div>
        <div class="curve-dates">
          <span>{formatUtcDay(first.at)}</span>
          <span class="curve-key">
            dashed: initial capital · below: drawdown
          </span>
          <span>{formatUtcDay(last.at)}</span>
        </div>
        <figcaption class="chart-summary">{summary}</figcaption>
      </figure>
      <CurveTable report={report} />
    </Card>
  );
}

function CurveTable({ report }: { report: BacktestReport }) {
  const { equity, data } = report;
  const stride = Math.max(1, Math.ceil(equity.length / TABLE_ROWS));
  const rows = equity.filter((_, index) =>
    index % stride === 0 || index === equity.length - 1
  );
  return (
    <details class="disclosure">
      <summary>View curve as table</summary>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Equity curve, scrollable"
      >
        <table class="table">
          <caption>
            {rows.length} of {equity.length} points
          </caption>
          <thead>
            <tr>
              <th scope="col">Day (UTC)</th>
              <th scope="col" class="cell-num">
                Equity, {quoteOf(data.symbol)}
              </th>
              <th scope="col" class="cell-num">Drawdown</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ at, equity, drawdownPct }) => (
              <tr key={at}>
                <th scope="row">{formatUtcDay(at)}</th>
                <td class="cell-num">{formatDecimal(equity)}</td>
                <td class="cell-num">
                  {formatPercent(drawdownPct === 0 ? 0 : drawdownPct)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
