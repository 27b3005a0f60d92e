/**
 * What a result means, in sentences: what came out, against what, and why to be
 * careful with it. Pure; every figure is the report's own.
 *
 * @module
 */
import type { BacktestReport } from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatDecimal,
  formatMoney,
  formatPercent,
  plural,
  quoteOf,
} from "../format.ts";
import type { Tone } from "../words.ts";

/** Fewer trades than this say next to nothing. */
const FEW_TRADES = 30;

/** Ratios from fewer days than this are noise. */
const FEW_DAYS = 30;

/** The verdict on a run. */
export interface Verdict {
  tone: Tone;
  /** What came out. */
  headline: string;
  /** Against what. */
  comparison: string[];
  /** Why to be careful. */
  cautions: string[];
}

/** Says what a report means. */
export function verdictOf(report: BacktestReport): Verdict {
  const { summary } = report;
  const sign = summary.netPnl === null
    ? null
    : Math.sign(Number(summary.netPnl));
  return {
    tone: sign === null || sign === 0 ? "muted" : sign > 0 ? "ok" : "warn",
    headline: headlineOf(report, sign),
    comparison: comparisonOf(report),
    cautions: cautionsOf(report),
  };
}

function headlineOf(
  { summary, data, metrics }: BacktestReport,
  sign: number | null,
): string {
  const over = `over ${
    formatDecimal(metrics.days, {
      digits: 0,
      maxDigits: metrics.days < 3 ? 1 : 0,
    })
  } days with ${plural(summary.trades, "trade")}, costs included`;
  if (sign === null) return `The result is unknown ${over}.`;
  if (summary.trades === 0) return `Nothing was traded ${over}.`;
  const unit = quoteOf(data.symbol);
  const amount = formatMoney(summary.netPnl!.replace("-", ""), unit);
  const percent = formatPercent(summary.returnPct, { digits: 2, signed: true });
  if (sign === 0) return `Came out even ${over}.`;
  return `${sign > 0 ? "Gained" : "Lost"} ${amount} (${percent}) ${over}.`;
}

function comparisonOf({ summary, baselines }: BacktestReport): string[] {
  const lines: string[] = [];
  const { buyAndHold, randomEntry } = baselines;
  if (buyAndHold !== null && summary.returnPct !== null) {
    const better = summary.returnPct > buyAndHold.returnPct;
    const word = !better
      ? "No better"
      : summary.returnPct < 0
      ? "Lost less"
      : "Better";
    lines.push(
      `${word} than buying and holding (${
        formatPercent(buyAndHold.returnPct, { digits: 2, signed: true })
      }).`,
    );
  }
  if (randomEntry !== null) {
    const share = randomEntry.beatenSharePct;
    lines.push(
      `${
        share >= 95 ? "Better" : "Not clearly better"
      } than entering by chance: ${formatPercent(share, { digits: 0 })} of ${
        formatCount(randomEntry.runs)
      } random runs did no better.`,
    );
  }
  return lines;
}

function cautionsOf(report: BacktestReport): string[] {
  const { summary, metrics, data, lookAhead, study, endState, monteCarlo } =
    report;
  const cautions: string[] = [];
  if (lookAhead !== null && !lookAhead.agrees) {
    cautions.push(
      `The run looks ahead, so its result is worthless: ${
        lookAhead.difference ?? ""
      }`,
    );
  }
  if (data.simulatedCandles) {
    cautions.push(
      "The candles come from the simulated market: the result shows that the software works, not that the strategy earns money.",
    );
  }
  if (summary.trades < FEW_TRADES) {
    cautions.push(
      `Fewer than ${FEW_TRADES} trades are too few to tell skill from luck.`,
    );
  }
  if (metrics.days < FEW_DAYS) {
    cautions.push(
      `Ratios such as Sharpe's are from fewer than ${FEW_DAYS} days of returns and say next to nothing.`,
    );
  }
  if (study.kind === "sweep") {
    cautions.push(
      `The best of ${
        plural(study.rows.length, "parameter set")
      }: the best of many is partly luck.`,
    );
  }
  if (monteCarlo !== null && monteCarlo.lossSharePct >= 25) {
    cautions.push(
      `With the same trades in other orders ${
        formatPercent(monteCarlo.lossSharePct, { digits: 0 })
      } of the draws lose.`,
    );
  }
  if (endState !== null) cautions.push(`At the end: ${endState}`);
  return cautions;
}
