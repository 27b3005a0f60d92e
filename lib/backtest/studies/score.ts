import type { Objective } from "../../contracts/backtest.ts";
import type { SweepRow } from "../../contracts/backtest_report.ts";
import { decimal, ZERO } from "../../core/decimal.ts";
import type { BacktestRun } from "../engine.ts";
import { computeMetrics } from "../metrics/mod.ts";

/** What a run is worth by an objective; null while it is unknown. */
export function scoreOf(
  run: BacktestRun,
  { objective, initialCapital }: {
    objective: Objective;
    initialCapital: string;
  },
): number | null {
  const { summary } = run;
  switch (objective) {
    case "netPnl":
      return summary.netPnl === null ? null : Number(summary.netPnl);
    case "sharpe":
      return summary.sharpe;
    case "sortino":
      return summary.sortino;
    case "profitFactor":
      return summary.profitFactor;
    case "calmar":
    case "expectancyR":
      return computeMetrics({
        days: run.days,
        initialCapital,
        trades: run.trades,
        candles: summary.candles,
        exposedCandles: run.exposedCandles,
        feesPaid: summary.feesPaid,
        fundingPaid: run.fundingPaid,
        firstAt: run.firstAt,
        lastAt: run.lastAt,
      })[objective];
  }
}

/** A set with what it is ranked by. */
export type Ranked = Pick<SweepRow, "score" | "summary">;

/**
 * Puts the better score first. A set that earned without what its figure is
 * divided by comes before all others, ties by its net result; a set whose
 * figure is unknown for another reason comes last.
 */
export function compareSets(
  objective: Objective,
): (a: Ranked, b: Ranked) => number {
  const rankOf = (set: Ranked) =>
    set.score !== null ? 1 : neverLost(set, objective) ? 0 : 2;
  return (a, b) => {
    const rank = rankOf(a);
    if (rank !== rankOf(b)) return rank - rankOf(b);
    if (rank === 1) return b.score! - a.score!;
    return rank === 2
      ? 0
      : decimal(b.summary.netPnl!).cmp(decimal(a.summary.netPnl!));
  };
}

/** Whether a figure is missing only because there was no loss, no losing day or no drawdown. */
function neverLost(
  { score, summary }: Ranked,
  objective: Objective,
): boolean {
  const { netPnl, sharpe, trades } = summary;
  if (score !== null || trades === 0 || netPnl === null) return false;
  if (decimal(netPnl).lte(ZERO)) return false;
  switch (objective) {
    case "profitFactor":
    case "calmar":
      return true;
    case "sortino":
      // Too few days leave both unknown.
      return sharpe !== null;
    default:
      return false;
  }
}
