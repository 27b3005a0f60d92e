import { safetyConfigSchema } from "../../../lib/contracts/agent_config.ts";
import type { DeskAccountConfig } from "../../../lib/contracts/desk.ts";
import { AGENT_ID } from "./agent_person.ts";
import { CANDLE_MS, CAPITAL } from "./limits.ts";
import type { VenueScenario } from "./scenario.ts";
import { SYMBOL } from "./wire_format.ts";

/** The account of a world, with limits that leave room for much trading. */
export function accountOf(
  { seed, market }: VenueScenario,
  { entriesAllowed }: { entriesAllowed: boolean },
): DeskAccountConfig {
  return {
    agentId: AGENT_ID,
    symbol: SYMBOL,
    startSeq: 0,
    pacing: "realtime",
    risk: {
      initialCapital: CAPITAL,
      leverage: 5,
      riskLevel: "moderate",
      maxDrawdownPct: 50,
      dailyLossLimit: CAPITAL,
      riskPerTradePct: 1,
    },
    safety: safetyConfigSchema.parse({
      maxOrdersPerMinute: 600,
      breakerConsecutiveLosses: 0,
      repeatedEntriesPerMinute: 600,
      maxAccountOrdersPerMinute: 6_000,
      maxAccountMessagesPerMinute: 60_000,
      maxCancelsPerFill: 1_000,
    }),
    seed,
    candleMs: CANDLE_MS,
    execution: {
      kind: "venue",
      exchange: "binance",
      market,
      credentialId: "key_1",
      namespace: "abc",
      agentKey: "agent",
    },
    entriesAllowed,
  };
}
