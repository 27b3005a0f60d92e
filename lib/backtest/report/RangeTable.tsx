import type { Distribution } from "../../contracts/backtest_report.ts";
import { ScrollTable, Unknown } from "./Values.tsx";

/** One figure of many draws, beside that of the run itself. */
export interface RangeRow {
  label: string;
  range: Distribution;
  actual: number | null;
  format: (value: number) => string;
}

/** A range from the 5 % to the 95 % quantile with its middle, and the run itself as a diamond. */
function RangeBar({ range, actual, format }: RangeRow) {
  const values = [range.p5, range.p95, actual ?? range.p50, 0];
  const low = Math.min(...values);
  const width = Math.max(...values) - low || 1;
  const at = (value: number) =>
    `${Math.round((4 + 92 * (value - low) / width) * 10) / 10}%`;
  return (
    <svg
      class="range"
      width="180"
      height="18"
      role="img"
      aria-label={actual === null
        ? "The run itself is unknown"
        : `The run itself: ${format(actual)}`}
    >
      <line class="zero" x1={at(0)} x2={at(0)} y1="1" y2="17" />
      <line class="span" x1={at(range.p5)} x2={at(range.p95)} y1="9" y2="9" />
      <line
        class="middle"
        x1={at(range.p50)}
        x2={at(range.p50)}
        y1="4"
        y2="14"
      />
      {actual !== null && (
        <svg x={at(actual)} y="9" overflow="visible">
          <path class="actual" d="M0-5 5 0 0 5-5 0Z" />
        </svg>
      )}
    </svg>
  );
}

/** Distributions with a small drawing of each. */
export function RangeTable(
  { caption, rows }: { caption: string; rows: readonly RangeRow[] },
) {
  return (
    <ScrollTable caption={caption} isCaptionShown>
      <thead>
        <tr>
          <th scope="col" class="text">Figure</th>
          <th scope="col">5 %</th>
          <th scope="col">Middle</th>
          <th scope="col">95 %</th>
          <th scope="col">This run</th>
          <th scope="col" class="text">Range</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <th scope="row">{row.label}</th>
            <td class="num">{row.format(row.range.p5)}</td>
            <td class="num">{row.format(row.range.p50)}</td>
            <td class="num">{row.format(row.range.p95)}</td>
            <td class="num">
              {row.actual === null
                ? <Unknown reason="the equity is unknown" />
                : row.format(row.actual)}
            </td>
            <td class="text">
              <RangeBar {...row} />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
