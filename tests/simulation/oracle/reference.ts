import { patternDetector } from "../../../agents/mod.ts";
import type { AgentConfig } from "../../../lib/contracts/agent_config.ts";
import {
  TIMEFRAME_MS,
  unpackCandle,
  unpackHedge,
} from "../../../lib/contracts/candle.ts";
import { type AgentDecided, LINKS } from "../../../lib/contracts/links.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import type { CandleSeries } from "../../../lib/exchange/candle_series.ts";
import { toHedgeRows } from "../../../lib/exchange/joined_series.ts";
import { createSimulatedMarket } from "../../../lib/exchange/simulated/market.ts";
import { partsAgent } from "../machine/parts_agent.ts";
import { simulatedGenesis } from "../settings.ts";

/** Which run is repeated without faults. */
export interface ReferenceOptions {
  config: AgentConfig;
  startSeq: number;
  tradeFromSeq: number;
  /** Last candle. */
  lastSeq: number;
  simulationSeed: number;
  /** See the scenario. */
  usesParts: boolean;
  /** Candles of a replay; null for the simulated market. */
  series: CandleSeries | null;
}

const BATCH = 256;

/** The trades of an agent and its desk, joined without runtime, store or faults. */
export function runReference(options: ReferenceOptions): readonly Trade[] {
  const { config, startSeq, tradeFromSeq, lastSeq } = options;
  const source = options.series ?? createSimulatedMarket({
    seed: options.simulationSeed,
    genesisAt: simulatedGenesis(),
    symbol: config.symbol,
    timeframe: config.timeframe,
  });
  const { pairs } = config.strategies;
  const second = pairs.enabled && options.series === null
    ? createSimulatedMarket({
      seed: options.simulationSeed,
      genesisAt: simulatedGenesis(),
      symbol: pairs.hedgeSymbol,
      timeframe: config.timeframe,
    })
    : null;
  const desk = DeskAccount.open({
    config: {
      agentId: "reference",
      symbol: config.symbol,
      startSeq,
      pacing: "lockstep",
      risk: config.risk,
      safety: config.safety,
      seed: config.seed,
      costs: config.costs,
      candleMs: TIMEFRAME_MS[config.timeframe],
      entriesAllowed: true,
    },
  });
  const agent = (options.usesParts ? partsAgent : patternDetector).start({
    actorId: "reference",
    config: { agentId: "reference", config, startSeq, tradeFromSeq },
    snapshot: null,
  });
  agent.linkOpened(LINKS.feed, null);
  agent.linkOpened(LINKS.desk, null);
  for (let fromSeq = startSeq; fromSeq <= lastSeq; fromSeq += BATCH) {
    const count = Math.min(BATCH, lastSeq - fromSeq + 1);
    const packed = source.packed(fromSeq, count);
    const hedge = second && toHedgeRows(second.packed(fromSeq, count));
    agent.receive(LINKS.feed, {
      type: "candles",
      fromSeq,
      count,
      packed,
      ...(hedge === null ? {} : { hedge }),
    });
    for (let index = 0; index < count; index++) {
      const candle = unpackCandle(packed, index, fromSeq);
      if (hedge !== null) candle.hedge = unpackHedge(hedge, index);
      const stepped = desk.step(candle);
      for (const output of agent.receive(LINKS.desk, stepped)) {
        if (output.to !== "link" || output.link !== LINKS.desk) continue;
        desk.decide(output.message as AgentDecided);
      }
    }
  }
  return desk.drainReport().trades;
}
