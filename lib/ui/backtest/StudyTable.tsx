import type { StudyReport } from "../../contracts/backtest_report.ts";
import { Known } from "../Amount.tsx";
import { formatCount, formatDecimal, formatPercent } from "../format.ts";
import { OBJECTIVE_WORDS, valuesWord } from "./backtest_words.ts";
import { TableCard } from "./ResultTables.tsx";
import { PercentGain } from "./RunList.tsx";

/** Parameter sets of a sweep that the page shows; the rest is in the report. */
const ROWS_SHOWN = 50;
const NO_FIGURE = "The figure could not be computed for this set";
const NO_SCORE =
  `${NO_FIGURE}: nothing was lost that it is divided by, or too little was traded`;

/** What a study found; nothing for a single run. */
export function StudyTable({ study }: { study: StudyReport }) {
  if (study.kind === "single") return null;
  const objective = OBJECTIVE_WORDS[study.objective];
  if (study.kind === "sweep") {
    const { rows, deflatedSharpe } = study;
    return (
      <TableCard
        title="Parameter sweep"
        testId="study-table"
        caption={`The best ${
          Math.min(ROWS_SHOWN, rows.length)
        } of ${rows.length} sets by ${objective.toLowerCase()}${
          deflatedSharpe === null
            ? ""
            : `; chance that the best is no luck ${
              formatPercent(100 * deflatedSharpe, { digits: 0 })
            }`
        }`}
        head={[
          { label: "Set" },
          { label: objective, isNumber: true },
          { label: "Return", isNumber: true },
          { label: "Max drawdown", isNumber: true },
          { label: "Trades", isNumber: true },
        ]}
      >
        {rows.slice(0, ROWS_SHOWN).map(({ values, summary, score }, index) => (
          <tr key={valuesWord(values)}>
            <th scope="row">
              {index === 0 && "✓ "}
              {valuesWord(values)}
            </th>
            <Score value={score} />
            <td class="cell-num">
              <PercentGain value={summary.returnPct} reason={NO_FIGURE} />
            </td>
            <td class="cell-num">
              {formatPercent(
                summary.maxDrawdownPct === 0 ? 0 : -summary.maxDrawdownPct,
              )}
            </td>
            <td class="cell-num">{formatCount(summary.trades)}</td>
          </tr>
        ))}
      </TableCard>
    );
  }
  const { folds, efficiency } = study;
  return (
    <TableCard
      title="Walk-forward"
      testId="study-table"
      caption={`${objective} of each fold; only the tests count${
        efficiency === null
          ? ""
          : `; the tests keep ${
            formatPercent(100 * efficiency, { digits: 0 })
          } of the training`
      }`}
      head={[
        { label: "Fold" },
        { label: "Chosen set" },
        { label: "Training", isNumber: true },
        { label: "Test", isNumber: true },
        { label: "Test return", isNumber: true },
        { label: "Test trades", isNumber: true },
        { label: "Test candles", isNumber: true },
      ]}
    >
      {folds.map((fold) => (
        <tr key={fold.fold}>
          <th scope="row">{fold.fold}</th>
          <td>{valuesWord(fold.chosen)}</td>
          <Score value={fold.trainScore} />
          <Score value={fold.testScore} />
          <td class="cell-num">
            <PercentGain
              value={fold.testSummary.returnPct}
              reason={NO_FIGURE}
            />
          </td>
          <td class="cell-num">{formatCount(fold.testSummary.trades)}</td>
          <td class="cell-num">
            {formatCount(fold.testFromSeq)} to {formatCount(fold.testToSeq)}
          </td>
        </tr>
      ))}
    </TableCard>
  );
}

function Score({ value }: { value: number | null }) {
  return (
    <td class="cell-num">
      <Known text={formatDecimal(value)} reason={NO_SCORE} />
    </td>
  );
}
