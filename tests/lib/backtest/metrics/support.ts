import type { Trade } from "../../../../lib/contracts/order.ts";

const HOUR_MS = 3_600_000;

/** Closed trades with the given net results, one a day, an hour each. */
export function tradesOf(
  results: readonly number[],
  changes: Partial<Trade> = {},
): Trade[] {
  return results.map((result, index) => ({
    tradeId: `t${index}`,
    intentId: `${index}.0`,
    strategy: "order_block",
    direction: "long",
    quantity: "1",
    entryPrice: "100",
    entrySeq: index,
    entryAt: index * 24 * HOUR_MS,
    exitPrice: "101",
    exitSeq: index,
    exitAt: (index * 24 + 1) * HOUR_MS,
    exitRole: "target",
    netPnl: result.toFixed(8),
    fees: "0.1",
    resultR: (result / 10).toFixed(8),
    reasons: ["Retest of an order block"],
    ...changes,
  }));
}
