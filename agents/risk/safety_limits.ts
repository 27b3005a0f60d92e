import type { SafetyConfig } from "../../lib/contracts/agent_config.ts";

/** The safety limits of a configuration that sets none, as its schema has them. */
export const DEFAULT_SAFETY: SafetyConfig = {
  maxOrdersPerMinute: 30,
  maxOpenOrders: 5,
  breakerConsecutiveLosses: 8,
  maxOrderNotional: null,
  maxOrderQuantity: null,
  maxPositionNotional: null,
  maxAccountNotional: null,
  priceCollarPct: 20,
  repeatedEntriesPerMinute: 10,
  maxAccountOrdersPerMinute: 120,
  maxAccountMessagesPerMinute: 1_200,
  maxCancelsPerFill: 100,
};

/** Safety limits of an account; defaults where its journal is older than a limit. */
export function completeSafety(safety: Partial<SafetyConfig>): SafetyConfig {
  return safety.maxCancelsPerFill === undefined
    ? { ...DEFAULT_SAFETY, ...safety }
    : safety as SafetyConfig;
}
