import { hedgeSourceOf } from "../contracts/hedge.ts";
import type { CandleStreamConfig } from "../contracts/market.ts";
import type { AgentEntry } from "./registry.ts";

/** The candle stream an agent listens to. A simulated market is shared, a replay is the agent's own. */
export function streamOf(
  agent: { id: string; config: AgentEntry["record"]["config"] },
): CandleStreamConfig {
  const { feed, symbol, timeframe } = agent.config;
  const hedge = hedgeSourceOf(agent.config);
  const market = hedge === null ? symbol : `${symbol}+${hedge.symbol}`;
  const streamId = feed.kind === "simulated"
    ? `simulated:${market}:${timeframe}`
    : `replay:${agent.id}`;
  return {
    streamId,
    feed,
    symbol,
    timeframe,
    ...(hedge === null ? {} : { hedge }),
  };
}
