import type { SegmentFigures } from "../../contracts/model_card.ts";
import type { Comparison } from "./compare.ts";
import type { Evaluation } from "./evaluate.ts";
import { TOLERANCE } from "./limits.ts";

/** Figures that are listed; the others are compared too. */
const LISTED = [
  ["trading.netReturn", "Net return"],
  ["trading.sharpe", "Sharpe ratio"],
  ["trading.sharpeError", "Its error"],
  ["trading.maxDrawdown", "Drawdown"],
  ["trading.turnover", "Turnover a candle"],
  ["trading.exposure", "In position"],
  ["forecast.hitRate", "Hit rate"],
  ["forecast.nextCandleHitRate", "Next candle"],
  ["forecast.logLoss", "Log loss"],
  ["forecast.baseLogLoss", "Log loss, constant"],
  ["baselines.hold.sharpe", "Sharpe of holding"],
  ["baselines.logistic.sharpe", "Sharpe of logistic"],
  ["baselines.random.shareAsGood", "Shifts as good"],
  ["deflatedSharpe", "Deflated Sharpe"],
] as const;

/** An evaluation for people. */
export function evaluationText(evaluation: Evaluation): string {
  const { comparisons, figures, name, notCompared, verdict } = evaluation;
  return [
    `${name}: ${verdict}`,
    ...notCompared === null
      ? comparedLines(comparisons)
      : otherLines(figures, notCompared),
    "",
    "",
  ].join("\n");
}

function comparedLines(comparisons: readonly Comparison[]): string[] {
  const byName = new Map(comparisons.map((each) => [each.name, each]));
  const wrong = comparisons.filter(({ agrees }) => !agrees);
  return [
    line(["Last segment", "card", "repeated", "difference"]),
    ...LISTED.map(([path, title]) => {
      const found = byName.get(path);
      return line([
        title,
        number(found?.card ?? null),
        number(found?.repeated ?? null),
        found?.difference?.toExponential(1) ?? "",
      ]);
    }),
    wrong.length === 0
      ? `All ${comparisons.length} figures agree within ${TOLERANCE}.`
      : `${wrong.length} of ${comparisons.length} figures differ by more than ${TOLERANCE}: ${
        wrong.map((each) => each.name).join(", ")
      }`,
  ];
}

function otherLines(figures: SegmentFigures, reason: string): string[] {
  const values = new Map<string, number | null>(
    LISTED.map(([path]) => [
      path,
      path.split(".").reduce<unknown>(
        (value, key) =>
          (value as Record<string, unknown> | null)?.[key] ?? null,
        figures,
      ) as number | null,
    ]),
  );
  return [
    `${reason}. Simulated over ${figures.rows} rows; there is nothing to compare.`,
    ...LISTED.map(([path, title]) => line([title, number(values.get(path)!)])),
  ];
}

function line([title, ...cells]: readonly string[]): string {
  return `  ${title!.padEnd(20)}${
    cells.map((cell) => cell.padStart(14)).join("")
  }`;
}

function number(value: number | null): string {
  return value === null ? "none" : value.toFixed(4);
}
