import type {
  BacktestReport,
  FoldRow,
  SweepRow,
} from "../contracts/backtest_report.ts";
import type { TableRow } from "./table.ts";
import { fixed, grouped, ratio, signed } from "./table_values.ts";

/** Sets of a sweep that the table shows; the report has all. */
const SETS_SHOWN = 5;

/** What a study found, as lines of the table. */
export function studyRows({ study }: BacktestReport): TableRow[] {
  switch (study.kind) {
    case "single":
      return [];
    case "sweep": {
      const { rows, objective, deflatedSharpe } = study;
      const shown = rows.slice(0, SETS_SHOWN);
      return [
        ["Sets tried", `${grouped(rows.length)}, by ${objective}; best first`],
        ...shown.map((row, index): TableRow => [
          `  ${index + 1}.`,
          describeSet(row),
        ]),
        [
          "Best by luck?",
          deflatedSharpe === null
            ? "unknown: too little was traded"
            : `the chance that its Sharpe ratio is above that of luck is ${
              fixed(100 * deflatedSharpe)
            } %`,
        ],
      ];
    }
    case "walk_forward":
      return [
        [
          "Folds",
          `${study.folds.length}, chosen by ${study.objective} on the part before each`,
        ],
        ...study.folds.map((fold): TableRow => [
          `  ${fold.fold}.`,
          describeFold(fold),
        ]),
        [
          "Test over training",
          ratio(study.efficiency, "training earned nothing to compare with"),
        ],
      ];
  }
}

function describeSet({ values, score, summary }: SweepRow): string {
  return `${describeValues(values)}: ${
    ratio(score, "unknown")
  }, ${summary.trades} trades, ${describeReturn(summary.returnPct)}`;
}

function describeFold(fold: FoldRow): string {
  const { chosen, trainScore, testScore, testSummary } = fold;
  return `${describeValues(chosen)}: ${ratio(trainScore, "unknown")} before, ${
    ratio(testScore, "unknown")
  } in the test, ${testSummary.trades} trades, ${
    describeReturn(testSummary.returnPct)
  }`;
}

function describeValues(values: SweepRow["values"]): string {
  return Object.entries(values).map(([path, value]) => `${path}=${value}`)
    .join(" ");
}

function describeReturn(percent: number | null): string {
  return percent === null ? "result unknown" : `${signed(percent)} %`;
}
