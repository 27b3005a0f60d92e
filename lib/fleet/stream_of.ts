import { hedgeSourceOf } from "../contracts/hedge.ts";
import type { CandleStreamConfig } from "../contracts/market.ts";
import { venueKey } from "../contracts/venue.ts";
import type { AgentEntry } from "./registry.ts";

/** The candle stream an agent listens to. Simulated and exchanges' markets are shared, a replay is the agent's own. */
export function streamOf(
  agent: { id: string; config: AgentEntry["record"]["config"] },
): CandleStreamConfig {
  const { feed, symbol, timeframe } = agent.config;
  const hedge = hedgeSourceOf(agent.config);
  const market = hedge === null ? symbol : `${symbol}+${hedge.symbol}`;
  const streamId = feed.kind === "replay"
    ? `replay:${agent.id}`
    : feed.kind === "exchange"
    ? `exchange:${venueKey(feed)}:${symbol}:${timeframe}`
    : `simulated:${market}:${timeframe}`;
  return {
    streamId,
    feed,
    symbol,
    timeframe,
    ...(hedge === null ? {} : { hedge }),
  };
}
