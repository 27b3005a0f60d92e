/** What the campaign runs: the candle files it makes itself, and the agents on them. */
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import { CANDLE_WIDTH } from "../../lib/contracts/candle.ts";
import { createSimulatedMarket } from "../../lib/exchange/simulated/market.ts";
import { agentConfig } from "../support/config.ts";
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

/** Agents by what they are for: half on the simulated market, the others on replays, some of them as fast as can be. */
export function planAgents(
  options: { agents: number; files: readonly ReplayFile[] },
): PlannedAgent[] {
  return Array.from({ length: options.agents }, (_, index) => {
    const name = `chaos-${index + 1}`;
    if (index % 2 === 1) {
      return { config: chaosConfig(name, { kind: "simulated" }), replay: null };
    }
    const replay = options.files[(index / 2) % options.files.length]!;
    const isFast = index % 8 === 6;
    return {
      config: chaosConfig(name, {
        kind: "replay",
        file: replay.name,
        speed: isFast ? "max" : CANDLES_PER_SECOND * MINUTE_SECONDS,
      }),
      replay,
    };
  });
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
