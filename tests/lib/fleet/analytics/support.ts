import type { Trade } from "../../../../lib/contracts/order.ts";
import type { TallyPlace } from "../../../../lib/fleet/analytics/tally.ts";
import { createZone } from "../../../../lib/fleet/analytics/zone.ts";

/** A trade of one hour on 2026-01-05, a Monday, that won 10. */
export function trade(changes: Partial<Trade> = {}): Trade {
  const entryAt = changes.entryAt ?? Date.parse("2026-01-05T10:30:00Z");
  return {
    tradeId: "1.0-trade",
    intentId: "1.0",
    strategy: "fvg",
    direction: "long",
    quantity: "1",
    entryPrice: "100",
    entrySeq: 1,
    entryAt,
    exitPrice: "110",
    exitSeq: 2,
    exitAt: entryAt + 3_600_000,
    exitRole: "target",
    netPnl: "10",
    fees: "0.2",
    resultR: "1.5",
    reasons: ["because"],
    ...changes,
  };
}

/** All trades of one agent, in UTC. */
export const PLACE: TallyPlace = {
  agentId: "agt_1",
  symbol: "BTC/USDT",
  zone: createZone("UTC"),
  fromAt: null,
  beforeAt: null,
};
