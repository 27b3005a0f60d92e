import type {
  BacktestSummary,
  FoldRow,
  StudyReport,
  SweepRow,
} from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatDecimal,
  formatPercent,
  plural,
} from "../../ui/format.ts";
import { SHEET_SWEEP_ROWS_MAX } from "./limits.ts";
import {
  Foreign,
  GainPercent,
  Percent,
  Ratio,
  ScrollTable,
} from "./Values.tsx";

const NO_SCORE = "the figure is unknown for these trades";
const OBJECTIVES = {
  sharpe: "Sharpe ratio",
  sortino: "Sortino ratio",
  calmar: "Calmar ratio",
  netPnl: "net result",
  profitFactor: "profit factor",
  expectancyR: "expectancy in R",
} as const;

function SummaryHead() {
  return (
    <>
      <th scope="col">Return</th>
      <th scope="col">Drawdown</th>
      <th scope="col">Sharpe</th>
      <th scope="col">Trades</th>
    </>
  );
}

function SummaryCells({ summary }: { summary: BacktestSummary }) {
  return (
    <>
      <td>
        <GainPercent value={summary.returnPct} reason="the equity is unknown" />
      </td>
      <td>
        <Percent value={summary.maxDrawdownPct} reason={NO_SCORE} />
      </td>
      <td>
        <Ratio value={summary.sharpe} reason={NO_SCORE} />
      </td>
      <td class="num">{formatCount(summary.trades)}</td>
    </>
  );
}

function SweepTable({ rows }: { rows: readonly SweepRow[] }) {
  const shown = rows.slice(0, SHEET_SWEEP_ROWS_MAX);
  const paths = [
    ...new Set(shown.flatMap(({ values }) => Object.keys(values))),
  ];
  return (
    <ScrollTable caption="Parameter sets, best first" tall>
      <thead>
        <tr>
          <th scope="col" class="text">Rank</th>
          {paths.map((path) => (
            <th key={path} scope="col" class="path">
              <Foreign text={path} />
            </th>
          ))}
          <th scope="col">Score</th>
          <SummaryHead />
        </tr>
      </thead>
      <tbody>
        {shown.map(({ values, score, summary }, index) => (
          <tr key={index}>
            <th scope="row">{index + 1}</th>
            {paths.map((path) => (
              <td key={path} class="num">
                <Foreign text={String(values[path] ?? "as it was")} />
              </td>
            ))}
            <td>
              <Ratio value={score} reason={NO_SCORE} />
            </td>
            <SummaryCells summary={summary} />
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function FoldTable({ folds }: { folds: readonly FoldRow[] }) {
  return (
    <ScrollTable caption="Folds: chosen on the training part, traded on the test part">
      <thead>
        <tr>
          <th scope="col" class="text">Fold</th>
          <th scope="col" class="text">Chosen</th>
          <th scope="col">Test candles</th>
          <th scope="col">Train score</th>
          <th scope="col">Test score</th>
          <SummaryHead />
        </tr>
      </thead>
      <tbody>
        {folds.map((fold) => (
          <tr key={fold.fold}>
            <th scope="row">{fold.fold}</th>
            <td class="text">
              <Foreign
                text={Object.entries(fold.chosen)
                  .map(([path, value]) => `${path} = ${value}`).join(", ")}
              />
            </td>
            <td class="num">
              {`${formatCount(fold.testFromSeq)}–${
                formatCount(fold.testToSeq)
              }`}
            </td>
            <td>
              <Ratio value={fold.trainScore} reason={NO_SCORE} />
            </td>
            <td>
              <Ratio value={fold.testScore} reason={NO_SCORE} />
            </td>
            <SummaryCells summary={fold.testSummary} />
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** What a sweep or a walk-forward study found. */
export function StudyPart(
  { study }: { study: Exclude<StudyReport, { kind: "single" }> },
) {
  const objective = OBJECTIVES[study.objective];
  if (study.kind === "sweep") {
    const more = study.rows.length - SHEET_SWEEP_ROWS_MAX;
    return (
      <>
        <p>
          {plural(study.rows.length, "set")} by {objective}.{" "}
          {study.deflatedSharpe === null
            ? "How much of the best is luck of the choice is unknown: a Sharpe ratio is missing."
            : `The chance that the best Sharpe ratio is more than luck of the choice is ${
              formatPercent(100 * study.deflatedSharpe, { digits: 0 })
            } (deflated Sharpe ratio).`}
        </p>
        <SweepTable rows={study.rows} />
        {more > 0 && (
          <p class="note">{plural(more, "set")} with lower scores left out.</p>
        )}
      </>
    );
  }
  return (
    <>
      <p>
        {plural(study.folds.length, "fold")} by {objective}.{" "}
        {study.efficiency === null
          ? "The efficiency is unknown: a score is missing, or training had none above zero."
          : `Tests kept ${
            formatDecimal(study.efficiency)
          } of the score of training (efficiency; 1 is all of it).`}
      </p>
      <FoldTable folds={study.folds} />
    </>
  );
}
