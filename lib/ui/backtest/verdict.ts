import type { BacktestReport } from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatMoney,
  formatPercent,
  plural,
  quoteOf,
  signOf,
} from "../format.ts";

/** Fewer trades than this cannot tell skill from luck, whatever they earned. */
export const TRADES_FOR_A_VERDICT = 30;

/** Fewer days than this make figures of a year an extrapolation. */
export const DAYS_FOR_A_YEAR = 180;

/** From this part of losing draws on a gain may be the order of its trades. */
const DOUBTFUL_LOSS_SHARE_PCT = 25;

/** What came out, in sentences: the result, what it is held against, and what speaks against believing it. */
export interface Verdict {
  /** The result in one sentence. */
  result: string;
  /** Why no figure can be believed at all; null where nothing is known against them. */
  alarm: string | null;
  /** Comparison with buying and holding and with chance. */
  comparisons: readonly string[];
  /** Reasons to doubt the figures. */
  doubts: readonly string[];
}

/** Says in honest words what a run showed. */
export function verdictOf(report: BacktestReport): Verdict {
  return {
    result: resultSentence(report),
    alarm: report.lookAhead === null || report.lookAhead.agrees
      ? null
      : `The run knew what came later: reruns on shortened candles disagree, so no figure here can be believed. ${
        report.lookAhead.difference ?? ""
      }`.trimEnd(),
    comparisons: [
      compareWithHolding(report),
      compareWithChance(report),
    ].filter((sentence) => sentence !== null),
    doubts: doubtsOf(report),
  };
}

function resultSentence({ summary, metrics, config }: BacktestReport): string {
  const days = plural(metrics.days, "day");
  const trades = plural(summary.trades, "trade");
  if (summary.netPnl === null) {
    return `The result over ${days} is unknown, because the equity is unknown.`;
  }
  const sign = signOf(summary.netPnl) ?? 0;
  if (sign === 0) {
    return `Ended where it began after costs, over ${days} and ${trades}.`;
  }
  const amount = formatMoney(
    summary.netPnl.replace("-", ""),
    quoteOf(config.symbol),
  );
  const percent = formatPercent(summary.returnPct, { signed: true, digits: 2 });
  return `${
    sign > 0 ? "Made" : "Lost"
  } ${amount} (${percent}) after costs, over ${days} and ${trades}.`;
}

function compareWithHolding(
  { baselines, summary }: BacktestReport,
): string | null {
  const { buyAndHold } = baselines;
  if (buyAndHold === null || summary.returnPct === null) return null;
  const held = formatPercent(buyAndHold.returnPct, { signed: true, digits: 2 });
  if (summary.returnPct === buyAndHold.returnPct) {
    return `Buying and holding returned the same: ${held}.`;
  }
  const word = summary.returnPct > buyAndHold.returnPct ? "Better" : "Worse";
  return `${word} than buying and holding, which returned ${held} with a largest drawdown of ${
    formatPercent(buyAndHold.maxDrawdownPct)
  }.`;
}

function compareWithChance({ baselines }: BacktestReport): string | null {
  const { randomEntry } = baselines;
  if (randomEntry === null) return null;
  const share = formatPercent(randomEntry.beatenSharePct, { digits: 0 });
  const sentence = `It did at least as well as ${share} of ${
    plural(randomEntry.runs, "run")
  } with random entries and the same stops`;
  return randomEntry.beatenSharePct >= 95
    ? `${sentence}.`
    : `${sentence}: no more than chance can explain.`;
}

function doubtsOf(report: BacktestReport): readonly string[] {
  const { summary, metrics, data, study, monteCarlo } = report;
  const doubts: string[] = [];
  if (summary.trades === 0) {
    doubts.push("No trade was closed, so there is nothing to judge.");
  } else if (summary.trades < TRADES_FOR_A_VERDICT) {
    doubts.push(
      `${plural(summary.trades, "trade")} ${
        summary.trades === 1 ? "is" : "are"
      } too few to tell skill from luck.`,
    );
  }
  if (metrics.cagrPct !== null && metrics.days < DAYS_FOR_A_YEAR) {
    doubts.push(
      `Figures of a year are extrapolated from ${plural(metrics.days, "day")}.`,
    );
  }
  if (
    metrics.sharpe !== null && metrics.sharpeError !== null &&
    Math.abs(metrics.sharpe) < 2 * metrics.sharpeError
  ) {
    doubts.push(
      "The Sharpe ratio is within two standard errors of zero: it may as well be none.",
    );
  }
  if (
    monteCarlo !== null && monteCarlo.lossSharePct >= DOUBTFUL_LOSS_SHARE_PCT &&
    summary.trades > 0
  ) {
    doubts.push(
      `The same trades drawn anew lose in ${
        formatPercent(monteCarlo.lossSharePct, { digits: 0 })
      } of the draws.`,
    );
  }
  if (study.kind === "sweep") {
    doubts.push(
      `This is the best of ${
        formatCount(study.rows.length)
      } sets that were tried on the same candles; part of it is luck of the choice.`,
    );
  }
  if (data.simulatedCandles) {
    doubts.push(
      "The candles come from the simulated market, not from a real one.",
    );
  }
  return doubts;
}
