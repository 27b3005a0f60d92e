import type {
  MonthReturn,
  ReportMetrics,
} from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatDecimal,
  formatPercent,
  formatUtcDay,
  MONTH_NAMES,
} from "../../ui/format.ts";
import { compoundPct } from "../metrics/months.ts";
import { SHEET_DRAWDOWNS_MAX } from "./limits.ts";
import { ScrollTable } from "./Values.tsx";

/** Return that has the strongest tint. */
const FULL_TINT_PCT = 10;

function MonthCell({ returnPct }: { returnPct: number | undefined }) {
  if (returnPct === undefined) {
    return (
      <td class="outside">
        <span aria-hidden="true">·</span>
        <span class="sr-only">not in the run</span>
      </td>
    );
  }
  const tint = Math.min(1, Math.abs(returnPct) / FULL_TINT_PCT);
  const text = formatDecimal(returnPct, { digits: 1, signed: true });
  return (
    <td
      class={returnPct > 0
        ? "month up"
        : returnPct < 0
        ? "month down"
        : "month"}
      style={`--tint:${Math.round(tint * 36)}%`}
    >
      {text}
    </td>
  );
}

/** Years by months with the compounded return of each year, in percent. */
export function MonthTable({ months }: { months: readonly MonthReturn[] }) {
  if (months.length === 0) return <p class="note">No month of known equity.</p>;
  const years = Map.groupBy(months, ({ year }) => year);
  return (
    <ScrollTable caption="Return of each month in percent, compounded by year">
      <thead>
        <tr>
          <th scope="col" class="text">Year</th>
          {MONTH_NAMES.map((name) => <th key={name} scope="col">{name}</th>)}
          <th scope="col" class="total">Year</th>
        </tr>
      </thead>
      <tbody>
        {[...years].map(([year, own]) => (
          <tr key={year}>
            <th scope="row">{year}</th>
            {MONTH_NAMES.map((name, index) => (
              <MonthCell
                key={name}
                returnPct={own.find(({ month }) => month === index + 1)
                  ?.returnPct}
              />
            ))}
            <td class="total">
              {formatDecimal(compoundPct(own), { digits: 1, signed: true })}
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** The deepest falls with their dates. */
export function DrawdownTable(
  { metrics: { drawdowns, maxDrawdownPct } }: { metrics: ReportMetrics },
) {
  if (drawdowns.length === 0) {
    return (
      <p class="note">
        {maxDrawdownPct === null
          ? "No day of known equity."
          : "The equity was never below its highest at the end of a day."}
      </p>
    );
  }
  return (
    <ScrollTable caption="Deepest drawdowns at ends of days">
      <thead>
        <tr>
          <th scope="col" class="text">Depth</th>
          <th scope="col" class="text">Peak</th>
          <th scope="col" class="text">Trough</th>
          <th scope="col" class="text">Recovered</th>
          <th scope="col">Days</th>
        </tr>
      </thead>
      <tbody>
        {drawdowns.slice(0, SHEET_DRAWDOWNS_MAX).map((drawdown) => (
          <tr key={drawdown.peakAt}>
            <th scope="row">
              {formatPercent(-drawdown.depthPct, { digits: 2 })}
            </th>
            <td class="text nowrap">{formatUtcDay(drawdown.peakAt)}</td>
            <td class="text nowrap">{formatUtcDay(drawdown.troughAt)}</td>
            <td class="text nowrap">
              {drawdown.recoveredAt === null
                ? "not yet"
                : formatUtcDay(drawdown.recoveredAt)}
            </td>
            <td class="num">{formatCount(drawdown.days)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
