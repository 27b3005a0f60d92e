import type { AgentConfig } from "./agent_config.ts";
import type { HedgeSource } from "./market.ts";
import type { PairsStrategyConfig } from "./strategies.ts";

/** The second market that comes with an agent's candles; null where none is asked for, or a replay names no file for it. */
export function hedgeSourceOf(
  { feed, strategies }: Pick<AgentConfig, "feed" | "strategies">,
): HedgeSource | null {
  // A configuration in the snapshot of an earlier build has no pairs.
  const pairs = strategies.pairs as PairsStrategyConfig | undefined;
  if (pairs === undefined || !pairs.enabled) return null;
  const symbol = pairs.hedgeSymbol;
  if (feed.kind === "simulated") return { symbol, file: null };
  // Two live markets in one stream are not to be had; validation says so.
  if (feed.kind === "exchange") return null;
  return feed.hedgeFile === undefined ? null : { symbol, file: feed.hedgeFile };
}
