import type { Objective } from "../../contracts/backtest.ts";
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

/** Puts the better score first; what is unknown comes last. */
export function compareScores(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b - a;
}
