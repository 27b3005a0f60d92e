/** A store as version 1 wrote it. */
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import { createMemoryDatabase } from "../../../lib/store/kv/memory_database.ts";

export const AGENT = "agt_00000000000000000000000001";

/** A configuration as the first builds stored it: two strategies, no costs. */
export const config = {
  name: "btc",
  type: "pattern_detector",
  symbol: "BTC/USDT",
  timeframe: "1m",
  mode: "paper",
  feed: { kind: "simulated" },
  risk: {
    initialCapital: "10000",
    leverage: 5,
    riskLevel: "moderate",
    maxDrawdownPct: 10,
    dailyLossLimit: "200",
    riskPerTradePct: 0.5,
  },
  detector: {
    swingLength: 7,
    liquidityToleranceAtr: 0.1,
    maxZoneAgeCandles: 500,
  },
  strategies: { orderBlock: { enabled: false }, fvg: { enabled: true } },
  safety: {
    maxOrdersPerMinute: 30,
    maxOpenOrders: 5,
    breakerConsecutiveLosses: 8,
  },
  signalsOnly: false,
  seed: 1,
};

export const record = {
  id: AGENT,
  desired: "running",
  configVersion: 1,
  config,
};

/** The same record as this build reads it: settings that came later have their defaults. */
export const completed = {
  ...record,
  commandId: "",
  config: agentConfigSchema.parse(config),
};

export async function databaseOf(
  entries: readonly { key: Deno.KvKey; value: unknown }[],
) {
  const database = createMemoryDatabase();
  const raw = database.connect();
  await raw.write({ checks: [], sets: entries, deletes: [] });
  return { database, raw };
}
