import type { BacktestDetail } from "../../contracts/backtest.ts";
import type { BacktestReport } from "../../contracts/backtest_report.ts";
import { Unknown } from "../Amount.tsx";
import { EmptyState } from "../Feedback.tsx";
import {
  formatCount,
  formatDecimal,
  formatPercent,
  plural,
  UNKNOWN,
} from "../format.ts";
import { TableCard } from "./ResultTables.tsx";
import { differencesOf } from "./compare.ts";
import { CompareFigure } from "./CompareFigure.tsx";
import { dataWord } from "./backtest_words.ts";
import { EquityFigure } from "./EquityFigure.tsx";

/** Settings that are listed; strategies that have nothing in common differ in many. */
const DIFFERENCES_SHOWN = 40;

/** Rows of the comparison; `null` is unknown. */
const ROWS: readonly {
  name: string;
  value: (report: BacktestReport) => string;
}[] = [
  {
    name: "Return",
    value: ({ summary }) =>
      formatPercent(summary.returnPct, { digits: 2, signed: true }),
  },
  {
    name: "Buy and hold",
    value: ({ baselines }) =>
      formatPercent(baselines.buyAndHold?.returnPct ?? null, {
        digits: 2,
        signed: true,
      }),
  },
  {
    name: "Net result",
    value: ({ summary }) => formatDecimal(summary.netPnl, { signed: true }),
  },
  {
    name: "Max drawdown",
    value: ({ summary }) =>
      formatPercent(summary.maxDrawdownPct === 0 ? 0 : -summary.maxDrawdownPct),
  },
  {
    name: "Sharpe ratio",
    value: ({ summary }) => formatDecimal(summary.sharpe),
  },
  {
    name: "Sortino ratio",
    value: ({ summary }) => formatDecimal(summary.sortino),
  },
  {
    name: "Profit factor",
    value: ({ summary }) => formatDecimal(summary.profitFactor),
  },
  {
    name: "Win rate",
    value: ({ summary }) => formatPercent(summary.winRatePct),
  },
  {
    name: "Expectancy R",
    value: ({ metrics }) =>
      formatDecimal(metrics.expectancyR, { signed: true }),
  },
  { name: "Trades", value: ({ summary }) => formatCount(summary.trades) },
  {
    name: "Exposure",
    value: ({ metrics }) => formatPercent(metrics.exposurePct),
  },
  {
    name: "Fees paid",
    value: ({ summary }) => formatDecimal(summary.feesPaid),
  },
  { name: "Candles", value: ({ data }) => formatCount(data.candles) },
  { name: "Data", value: ({ data }) => `${data.candlesHash.slice(0, 12)}…` },
  { name: "Run hash", value: ({ runHash }) => `${runHash.slice(0, 12)}…` },
];

type DoneRun = Readonly<{
  view: Pick<BacktestDetail, "id" | "label">;
  report: BacktestReport;
}>;

/** What was set otherwise: without it nobody knows what made the difference. */
function Differences({ runs }: { runs: readonly DoneRun[] }) {
  if (runs.length < 2) return null;
  const differences = differencesOf(runs.map(({ report }) => report));
  if (differences.length === 0) {
    return (
      <p class="muted" data-testid="compare-differences">
        The configurations of these runs do not differ.
      </p>
    );
  }
  return (
    <TableCard
      title="What was set otherwise"
      testId="compare-differences"
      caption="Settings that are not the same in all of these runs"
      head={[
        { label: "Setting" },
        ...runs.map(({ view: { id, label } }) => ({
          key: id,
          label,
          isNumber: true,
        })),
      ]}
    >
      {differences.slice(0, DIFFERENCES_SHOWN).map(({ path, values }) => (
        <tr key={path}>
          <th scope="row">
            <code>{path}</code>
          </th>
          {values.map((value, index) => (
            <td key={runs[index]!.view.id} class="cell-num">
              {value === "" ? <Unknown reason="It has none" /> : value}
            </td>
          ))}
        </tr>
      ))}
      {differences.length > DIFFERENCES_SHOWN && (
        <tr>
          <td colSpan={runs.length + 1} class="muted">
            {plural(differences.length - DIFFERENCES_SHOWN, "more setting")}
          </td>
        </tr>
      )}
    </TableCard>
  );
}

/** Up to four runs side by side. */
export function CompareTable(
  { runs }: { runs: readonly BacktestDetail[] },
) {
  const done = runs.flatMap(({ report, ...view }) =>
    report === null ? [] : [{ view, report }]
  );
  if (done.length === 0) {
    return <EmptyState title="None of these runs has a result" />;
  }
  const data = new Set(done.map(({ report }) => report.data.candlesHash));
  return (
    <div class="result">
      {data.size > 1 && (
        <p class="muted">
          ▲ These runs are over different candles, so their figures cannot be
          held against each other.
        </p>
      )}
      <CompareFigure
        runs={done.map(({ view: { id, label }, report }) => ({
          id,
          label,
          report,
        }))}
      />
      <TableCard
        title="Side by side"
        testId="compare-table"
        caption="Simulated; past results say nothing about the future"
        head={[
          { label: "Figure" },
          ...done.map(({ view }) => ({
            key: view.id,
            label: view.label,
            isNumber: true,
          })),
        ]}
      >
        <tr>
          <th scope="row">Run</th>
          {done.map(({ view }) => (
            <td key={view.id} class="cell-num">
              <a href={`/backtests/${view.id}`}>{dataWord(view)}</a>
            </td>
          ))}
        </tr>
        {ROWS.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {done.map(({ view, report }) => {
              const text = value(report);
              return (
                <td key={view.id} class="cell-num">
                  {text === UNKNOWN
                    ? <Unknown reason="The report does not tell it" />
                    : text}
                </td>
              );
            })}
          </tr>
        ))}
      </TableCard>
      <Differences runs={done} />
      <div class="compare-curves">
        {done.map(({ view, report }) => (
          <section key={view.id} aria-label={view.label}>
            <h3>{view.label}</h3>
            <EquityFigure report={report} />
          </section>
        ))}
      </div>
    </div>
  );
}
