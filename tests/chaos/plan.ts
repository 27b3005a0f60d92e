/** What the campaign runs: the candle files it makes itself, and the agents on them. */
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import { CANDLE_WIDTH } from "../../lib/contracts/candle.ts";
import { createSimulatedMarket } from "../../lib/exchange/simulated/market.ts";
import type { MarketKind } from "../../lib/contracts/venue.ts";
import { agentConfig } from "../support/config.ts";
import { atVenue } from "../support/live.ts";
import { CANDLES_MAX, CANDLES_MIN, CANDLES_PER_KILL } from "./limits.ts";

/** The ready-made configuration that all agents start from. */
export const TEMPLATE = "structure-combined";

/** Market time of the first candle of the replay files. */
const GENESIS_AT = Date.UTC(2024, 0, 1);

/** Differences from the template, so that no loss limit ends the trading early and every kind of order is met. */
export const OVERRIDES = {
  timeframe: "1m",
  "risk.initialCapital": "100000",
  "risk.dailyLossLimit": "10000",
  "risk.maxDrawdownPct": 50,
  "risk.riskPerTradePct": 0.05,
  "safety.breakerConsecutiveLosses": 0,
  // Entries at the market, stops that follow, and positions that a rule closes.
  "strategies.breakout.enabled": true,
  "strategies.breakout.exit": "trail",
  "strategies.breakout.volumeRatio": 0,
  "strategies.meanReversion.enabled": true,
  "strategies.meanReversion.minRewardRisk": 1,
} as const;

/** The simulated market and the throttled replays make this many one-minute candles a second. */
export const CANDLES_PER_SECOND = 20;
export const MINUTE_SECONDS = 60;

/** A replay file. */
export interface ReplayFile {
  name: string;
  candles: number;
}

/** An agent of the campaign. */
export interface PlannedAgent {
  config: AgentConfigInput;
  /** The file whose backtest it must equal, or null for one that the client disturbs. */
  replay: ReplayFile | null;
}

/** Markets of the fake venue that agents trade live; each market and key has one. */
const LIVE_MARKETS = ["swap", "spot"].flatMap((market) =>
  ["BTC", "ETH", "SOL", "XRP"].map((base) => ({
    symbol: `${base}/USDT`,
    market: market as MarketKind,
  }))
);

/** Share of the agents that trade live, as far as there are markets. */
const LIVE_SHARE = 0.6;

/** How many of the agents trade live. */
export function liveCount(agents: number): number {
  return Math.min(LIVE_MARKETS.length, Math.round(agents * LIVE_SHARE));
}

/**
 * Agents by what they are for: the larger part live, as far as there are
 * markets; of the others a third on paper with the venue's prices, a third on
 * the simulated market, a third on replays, some of them as fast as can be.
 */
export function planAgents(
  { agents, files, exchangeKeyId }: {
    agents: number;
    files: readonly ReplayFile[];
    exchangeKeyId: string;
  },
): PlannedAgent[] {
  const live = liveCount(agents);
  return [
    ...LIVE_MARKETS.slice(0, live).map((market) => ({
      config: venueConfig({ ...market, exchangeKeyId }),
      replay: null,
    })),
    ...Array.from(
      { length: agents - live },
      (_, index) => planOther(index, files),
    ),
  ];
}

function planOther(
  index: number,
  files: readonly ReplayFile[],
): PlannedAgent {
  const name = `chaos-${index + 1}`;
  const third = Math.floor(index / 3);
  if (index % 3 === 0) {
    const replay = files[third % files.length]!;
    const speed = third % 4 === 3 ? "max" : CANDLES_PER_SECOND * MINUTE_SECONDS;
    return {
      config: chaosConfig(name, { kind: "replay", file: replay.name, speed }),
      replay,
    };
  }
  if (index % 3 === 1) {
    return { config: chaosConfig(name, { kind: "simulated" }), replay: null };
  }
  const market = LIVE_MARKETS[third % LIVE_MARKETS.length]!;
  const config = venueConfig({ ...market, exchangeKeyId: null });
  return { config: { ...config, name }, replay: null };
}

function venueConfig(
  place: { symbol: string; market: MarketKind; exchangeKeyId: string | null },
): AgentConfigInput {
  const name = `live-${place.market}-${place.symbol.split("/")[0]}`;
  return atVenue(chaosConfig(name, { kind: "simulated" }), place);
}

/** The template with the differences and a feed. */
export function chaosConfig(
  name: string,
  feed: AgentConfigInput["feed"],
): AgentConfigInput {
  const config = structuredClone(agentConfig({ name }, TEMPLATE));
  for (const [path, value] of Object.entries(OVERRIDES)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    let group = config as unknown as Record<string, unknown>;
    for (const key of keys) group = group[key] as Record<string, unknown>;
    group[last] = value;
  }
  return { ...config, feed };
}

/** Writes the replay files of a campaign; the same seed gives the same candles. */
export async function writeReplayFiles(
  options: { folder: string; kills: number; seed: number },
): Promise<ReplayFile[]> {
  const { folder, kills, seed } = options;
  const candles = Math.min(
    CANDLES_MAX,
    Math.max(CANDLES_MIN, kills * CANDLES_PER_KILL),
  );
  return await Promise.all(["one", "two"].map(async (word, index) => {
    const market = createSimulatedMarket({
      seed: seed + index,
      symbol: "BTC/USDT",
      timeframe: "1m",
      genesisAt: GENESIS_AT,
    });
    const packed = market.packed(0, candles);
    const lines = ["timestamp_ms,open,high,low,close,volume"];
    for (let row = 0; row < candles; row++) {
      const from = row * CANDLE_WIDTH;
      lines.push(packed.subarray(from, from + CANDLE_WIDTH).join(","));
    }
    const name = `chaos-${word}.csv`;
    await Deno.writeTextFile(`${folder}/${name}`, `${lines.join("\n")}\n`);
    return { name, candles };
  }));
}
