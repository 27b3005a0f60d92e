import { createHash } from "node:crypto";
import type { Trade } from "../../contracts/order.ts";

/** Hash of no trades at all. */
export const EMPTY_TRADES_HASH = "0".repeat(64);

/**
 * Chains one closed trade to the hash of all trades before it: SHA-256 over the
 * previous hash and the trade's canonical text. The reasons are left out: they
 * are words for people and do not change what was traded.
 */
export function chainTradesHash(previous: string, trade: Trade): string {
  return createHash("sha256").update(previous).update(canonicalTrade(trade))
    .digest("hex");
}

/** A trade as one line: the values in a fixed order, as JSON. */
export function canonicalTrade(trade: Trade): string {
  return JSON.stringify([
    trade.tradeId,
    trade.intentId,
    trade.strategy,
    trade.direction,
    trade.quantity,
    trade.entryPrice,
    trade.entrySeq,
    trade.entryAt,
    trade.exitPrice,
    trade.exitSeq,
    trade.exitAt,
    trade.exitRole,
    trade.netPnl,
    trade.fees,
    trade.resultR,
    // Trades without a second leg keep the text, and so the hash, that they had.
    ...(trade.hedge === undefined ? [] : [
      trade.hedge.quantity,
      trade.hedge.entryPrice,
      trade.hedge.exitPrice,
    ]),
  ]);
}
