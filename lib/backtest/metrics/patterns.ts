import type { PatternBreakdown } from "../../contracts/backtest_report.ts";
import type { Trade } from "../../contracts/order.ts";
import { expectancyR, netSum, profitFactor, winRatePct } from "./trades.ts";

/** Closed trades by strategy and direction: strategies in order of their names, long before short. */
export function breakDownByPattern(
  trades: readonly Trade[],
): PatternBreakdown[] {
  const groups = Map.groupBy(
    trades,
    ({ strategy, direction }) => `${strategy}\n${direction}`,
  );
  const keys = [...groups.keys()].sort();
  return keys.map((key) => {
    const group = groups.get(key)!;
    const results = group.map(({ netPnl }) => netPnl);
    const { strategy, direction } = group[0]!;
    return {
      strategy,
      direction,
      trades: group.length,
      winRatePct: winRatePct(results) ?? 0,
      netPnl: netSum(results),
      expectancyR: expectancyR(group),
      profitFactor: profitFactor(results),
    };
  });
}
