import type { RiskDrawdown } from "../../contracts/fleet_risk.ts";
import { ModeBadge } from "../Badge.tsx";
import {
  formatDateTime,
  formatDay,
  formatPercent,
  zoneName,
} from "../format.ts";
import { RiskCard } from "./RiskCard.tsx";
import { WATER, waterCurve } from "./drawdown_curve.ts";

/** Rows of the table that stands for a picture. */
const TABLE_ROWS = 24;

const percent = (value: number) =>
  formatPercent(value, { digits: 0, maxDigits: 2 });

/** Drawdown curves of the agents that are nearest to their limit, with the limit as a line. */
export function DrawdownCard(
  { drawdowns }: { drawdowns: readonly RiskDrawdown[] },
) {
  return (
    <RiskCard
      title="Drawdown, nearest to the limit"
      testId="risk-drawdowns"
      note="By the time of each agent's market. Dashed: the limit at which its trading halts."
    >
      {drawdowns.length === 0
        ? <p class="muted">No equity is known yet</p>
        : (
          <div class="risk-waters">
            {drawdowns.map((one) => <Water key={one.agentId} drawdown={one} />)}
          </div>
        )}
    </RiskCard>
  );
}

function Water({ drawdown }: { drawdown: RiskDrawdown }) {
  const { agentId, name, mode, drawdownPct, limitPct, points } = drawdown;
  const curve = waterCurve(drawdown);
  const now = `${percent(drawdownPct)} of ${percent(limitPct)}`;
  const summary = curve === null
    ? `${name}: drawdown ${now}. The curve has too few points yet.`
    : `${name}: drawdown ${now}, deepest of the curve ${
      percent(curve.deepestPct)
    }, ${formatDay(points[0]!.at)} to ${formatDay(points.at(-1)!.at)}.`;
  return (
    <figure class="risk-water">
      <p class="risk-water-head">
        <a href={`/agents/${agentId}`}>{name}</a> <ModeBadge mode={mode} />
        <span class="num">{drawdownPct > 0 && "−"}{now}</span>
      </p>
      {curve !== null && (
        <svg
          class="curve-svg risk-water-svg"
          viewBox={`0 0 ${WATER.width} ${WATER.height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary}
        >
          <polygon class="curve-depth" points={curve.area} />
          <line
            class="risk-limit-line"
            x1="0"
            x2={WATER.width}
            y1={curve.limitY}
            y2={curve.limitY}
          />
        </svg>
      )}
      <figcaption class="chart-summary">{summary}</figcaption>
      {curve !== null && (
        <details class="disclosure">
          <summary>View as table</summary>
          <table class="table">
            <caption class="sr-only">Drawdown of {name}</caption>
            <thead>
              <tr>
                <th scope="col">Time ({zoneName()})</th>
                <th scope="col" class="cell-num">Drawdown</th>
              </tr>
            </thead>
            <tbody>
              {thin(points).map(({ at, drawdownPct }) => (
                <tr key={at}>
                  <th scope="row">{formatDateTime(at)}</th>
                  <td class="cell-num">
                    {formatPercent(drawdownPct, { digits: 2 })}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
    </figure>
  );
}

function thin<T>(points: readonly T[]): readonly T[] {
  const stride = Math.max(1, Math.ceil(points.length / TABLE_ROWS));
  return points.filter((_, index) =>
    index % stride === 0 || index === points.length - 1
  );
}
