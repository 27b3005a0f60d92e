/**
 * Time to take a row of returns in and to assess a whole portfolio: 100
 * positions in 100 markets over 1,000 returns, value at risk by five methods at
 * two levels, correlations, ladder and stress. Run alone it prints one line of
 * JSON a figure.
 *
 * @module
 */
import { assessPortfolio } from "../../agents/risk/portfolio/assess_portfolio.ts";
import { createRng } from "../../lib/core/rng.ts";
import {
  filledHistory,
  portfolioOf,
  position,
  randomRow,
  symbolOf,
} from "../agents/risk/portfolio/portfolio_cases.ts";
import type { LatencyFigure } from "./smc_bench.ts";

const MARKETS = 100;
const ROWS = 1_000;
const ASSESSMENTS = 5_000;
const WARM_UP = 500;

/** Rows and marks that are made before the time is taken. */
const PREPARED = 64;

/** One row and one assessment, and the row alone. */
export function benchAssessment(): LatencyFigure[] {
  const history = filledHistory({ markets: MARKETS, rows: ROWS, seed: 1 });
  const rng = createRng(2);
  const positions = Array.from({ length: MARKETS }, (_, i) => position(i));
  const portfolio = portfolioOf(positions);
  const rows = Array.from({ length: PREPARED }, () => randomRow(rng, MARKETS));
  const marks = Array.from(
    { length: PREPARED },
    () =>
      new Map(Array.from({ length: MARKETS }, (_, index) => [
        symbolOf(index),
        (95 + 10 * rng.next()).toFixed(2),
      ])),
  );
  const rowMs = new Float64Array(ASSESSMENTS);
  const assessMs = new Float64Array(ASSESSMENTS);
  for (let turn = -WARM_UP; turn < ASSESSMENTS; turn++) {
    const prepared = (turn + WARM_UP) % PREPARED;
    const startMs = performance.now();
    history.push(rows[prepared]!);
    const pushedMs = performance.now();
    const assessment = assessPortfolio(history, {
      ...portfolio,
      marks: marks[prepared]!,
    });
    const endMs = performance.now();
    if (assessment.unknown.length > 0) throw new Error(assessment.unknown[0]);
    if (turn < 0) continue;
    rowMs[turn] = pushedMs - startMs;
    assessMs[turn] = endMs - startMs;
  }
  return [
    figure("risk.assessment", assessMs),
    figure("risk.assessment_row", rowMs),
  ];
}

function figure(name: string, times: Float64Array): LatencyFigure {
  times.sort();
  const at = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  return {
    name,
    unit: "ms",
    n: times.length,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

if (import.meta.main) {
  for (const line of benchAssessment()) {
    // deno-lint-ignore no-console -- a benchmark prints its figures
    console.log(JSON.stringify(line));
  }
}
