import type { BacktestSummary } from "../../contracts/backtest_report.ts";
import {
  decimal,
  type DecimalText,
  toDecimalText,
  ZERO,
} from "../../core/decimal.ts";
import {
  chainTradesHash,
  EMPTY_TRADES_HASH,
} from "../../desk/account/trades_hash.ts";
import type { BacktestRun } from "../engine.ts";
import { EquityCurve } from "../equity_curve.ts";
import {
  dailyReturns,
  type DayEquity,
  netResult,
  profitFactor,
  returnPct,
  sharpeRatio,
  sortinoRatio,
  winRatePct,
} from "../metrics/mod.ts";

/** Runs that follow on each other, each with the capital of the one before, as one. There must be at least one. */
export function joinRuns(
  runs: readonly BacktestRun[],
  initialCapital: DecimalText,
): BacktestRun {
  const last = runs.at(-1)!;
  const trades = runs.flatMap((run) => run.trades);
  const days = joinDays(runs.flatMap((run) => run.days));
  const points = runs.flatMap((run) => run.equity);
  const curve = new EquityCurve({
    candles: points.length,
    initialCapital: Number(initialCapital),
  });
  for (const { at, equity } of points) curve.add(at, Number(equity));
  const sum = (amounts: readonly DecimalText[]) =>
    toDecimalText(amounts.reduce((all, one) => all.plus(decimal(one)), ZERO));
  const joined = {
    trades,
    days,
    equity: curve.points(),
    exposedCandles: runs.reduce((all, run) => all + run.exposedCandles, 0),
    fundingPaid: sum(runs.map((run) => run.fundingPaid)),
    finalEquity: last.finalEquity,
    firstAt: runs[0]!.firstAt,
    lastAt: last.lastAt,
    endState: last.endState,
    trail: [],
  };
  return {
    ...joined,
    summary: summaryOf(runs, {
      initialCapital,
      days,
      results: trades.map(({ netPnl }) => netPnl),
      finalEquity: last.finalEquity,
      maxDrawdownPct: curve.maxDrawdownPct,
      feesPaid: sum(runs.map(({ summary }) => summary.feesPaid)),
      tradesHash: trades.reduce(chainTradesHash, EMPTY_TRADES_HASH),
    }),
  };
}

/** A day that a test ends and the next begins on counts once, with its later equity. */
function joinDays(days: readonly DayEquity[]): DayEquity[] {
  return days.filter(({ day }, index) => days[index + 1]?.day !== day);
}

function summaryOf(
  runs: readonly BacktestRun[],
  joined:
    & Pick<BacktestSummary, "maxDrawdownPct" | "feesPaid" | "tradesHash">
    & {
      initialCapital: DecimalText;
      days: readonly DayEquity[];
      results: readonly DecimalText[];
      finalEquity: DecimalText | null;
    },
): BacktestSummary {
  const { initialCapital, results } = joined;
  const candles = runs.reduce((all, run) => all + run.summary.candles, 0);
  const seconds = runs.reduce((all, run) => all + run.summary.seconds, 0);
  const netPnl = netResult(joined.finalEquity, initialCapital);
  const returns = dailyReturns(joined.days, Number(initialCapital));
  return {
    candles,
    trades: results.length,
    netPnl,
    returnPct: returnPct(netPnl, initialCapital),
    maxDrawdownPct: joined.maxDrawdownPct,
    sharpe: returns === null ? null : sharpeRatio(returns),
    sortino: returns === null ? null : sortinoRatio(returns),
    profitFactor: profitFactor(results),
    winRatePct: winRatePct(results),
    feesPaid: joined.feesPaid,
    tradesHash: joined.tradesHash,
    seconds,
    candlesPerSecond: candles / seconds,
  };
}
